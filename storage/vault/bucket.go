package vault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Bucket is a [Shelf] in an S3-compatible store of the institution's. What is put there is encrypted already, under names that
// tell nothing; the store learns sizes and times.
type Bucket struct {
	client         *minio.Client
	bucket, prefix string
}

// ErrBucketAddress says how the address of a bucket is written.
var ErrBucketAddress = errors.New("write it like s3://ACCESSKEY:SECRETKEY@HOST/BUCKET/PREFIX?region=REGION, special characters as %XX, and add &insecure=1 for http")

// OpenBucket reads the address of a bucket; nothing is connected to. No error quotes it: it holds a secret. http does instead of
// a pooled client, if not nil.
func OpenBucket(address string, transport http.RoundTripper) (*Bucket, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" || u.User == nil {
		return nil, ErrBucketAddress
	}
	secret, _ := u.User.Password()
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	for name := range u.Query() {
		if name != "region" && name != "insecure" {
			return nil, ErrBucketAddress
		}
	}
	if bucket == "" || secret == "" || u.User.Username() == "" {
		return nil, ErrBucketAddress
	}
	region := u.Query().Get("region")
	if region == "" {
		region = "us-east-1"
	}
	c, err := minio.New(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(u.User.Username(), secret, ""), Secure: u.Query().Get("insecure") == "", Region: region,
		BucketLookup: minio.BucketLookupPath, Transport: transport, MaxRetries: 3,
	})
	if err != nil {
		return nil, ErrBucketAddress
	}
	if prefix != "" {
		prefix += "/"
	}
	return &Bucket{client: c, bucket: bucket, prefix: prefix}, nil
}

// Keep implements [Shelf]. A put is whole or not there by the protocol, and the store compares the content's hash.
func (b *Bucket) Keep(ctx context.Context, file, name string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // read only
	st, err := f.Stat()
	if err != nil {
		return err
	}
	_, err = b.client.PutObject(ctx, b.bucket, b.prefix+name, f, st.Size(), minio.PutObjectOptions{
		ContentType: "application/octet-stream", DisableMultipart: true, SendContentMd5: true,
	})
	if err != nil {
		return b.fault("store", err)
	}
	return remove(file)
}

// Open implements [Shelf].
func (b *Bucket) Open(ctx context.Context, name string) (io.ReadCloser, int64, error) {
	o, err := b.client.GetObject(ctx, b.bucket, b.prefix+name, minio.GetObjectOptions{})
	if err != nil {
		return nil, 0, b.fault("read", err)
	}
	st, err := o.Stat()
	if err != nil {
		return nil, 0, errors.Join(b.fault("read", err), o.Close())
	}
	return o, st.Size, nil
}

// Remove implements [Shelf].
func (b *Bucket) Remove(ctx context.Context, name string) error {
	if err := b.client.RemoveObject(ctx, b.bucket, b.prefix+name, minio.RemoveObjectOptions{}); err != nil {
		return b.fault("remove", err)
	}
	return nil
}

// Ping implements [Shelf].
func (b *Bucket) Ping(ctx context.Context) error {
	there, err := b.client.BucketExists(ctx, b.bucket)
	if err == nil && !there {
		err = fs.ErrNotExist
	}
	if err != nil {
		return b.fault("find", err)
	}
	return nil
}

// fault is one sentence, without the address.
func (b *Bucket) fault(what string, err error) error {
	switch r := minio.ToErrorResponse(err); r.Code {
	case "NoSuchKey":
		return fmt.Errorf("the evidence store does not have it: %w", fs.ErrNotExist)
	case "NoSuchBucket":
		return fmt.Errorf("the evidence store has no bucket %s: make it, or correct LIUHEN_EVIDENCE", b.bucket)
	case "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch":
		return fmt.Errorf("the evidence store refuses the keys of LIUHEN_EVIDENCE (%s): correct them, or give them the right to this bucket", r.Code)
	case "":
	default:
		return fmt.Errorf("the evidence store could not %s (%s): see to the store, then try again", what, r.Code)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return fmt.Errorf("the evidence store does not answer: see to it and to the network: %w", err)
}
