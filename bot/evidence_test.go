package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"liuhen/bot/sandbox"
	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/storage/db"
)

// exhibit is a piece of evidence as it is sent, and what must be kept of it.
type exhibit struct {
	send func(p *sandbox.Phone) // nil: sent with the piece before, as one album
	want form.File              // without ID, hash, blob and times
	data []byte                 // nil: the message itself, as Telegram delivers it
	says []string               // found in that message
}

func sends(kind, name, mime string, data []byte, caption string) func(*sandbox.Phone) {
	return func(p *sandbox.Phone) { p.Send(kind, name, mime, data, caption) }
}

// exhibits are all kinds. Bytes are odd lengths of every value.
func exhibits(s *stage) []exhibit {
	content := func(seed string, n int) []byte {
		out := make([]byte, 0, n+32)
		for sum := sha256.Sum256([]byte(seed)); len(out) < n; sum = sha256.Sum256(sum[:]) {
			out = append(out, sum[:]...)
		}
		return out[:n]
	}
	album := []sandbox.Attachment{
		{Kind: "photo", MIME: "image/jpeg", Data: content("a1", 70_001), Caption: "第一张"},
		{Kind: "photo", MIME: "image/jpeg", Data: content("a2", 3)},
		{Kind: "photo", MIME: "image/jpeg", Data: content("a3", 131_072)},
	}
	out := []exhibit{
		{send: sends("photo", "", "image/jpeg", content("p", 65_537), "走廊"), want: form.File{Kind: "photo", Caption: "走廊"}, data: content("p", 65_537)},
		{send: func(p *sandbox.Phone) { p.SendAlbum(album...) }, want: form.File{Kind: "photo", Caption: "第一张"}, data: album[0].Data},
		{want: form.File{Kind: "photo"}, data: album[1].Data},
		{want: form.File{Kind: "photo"}, data: album[2].Data},
	}
	for _, x := range []struct{ kind, name, mime string }{
		{"document", "聊天记录 1.pdf", "application/pdf"},
		{"video", "现场.mp4", "video/mp4"},
		{"voice", "", "audio/ogg"},
		{"video_note", "", ""},
		{"audio", "录音.mp3", "audio/mpeg"},
		{"animation", "动图.mp4", "video/mp4"},
	} {
		data, caption := content(x.kind, 10_000+len(x.kind)), "说明"
		if x.kind == "video_note" {
			caption = "" // round videos carry none
		}
		out = append(out, exhibit{
			send: sends(x.kind, x.name, x.mime, data, caption), data: data,
			want: form.File{Kind: x.kind, Name: x.name, MIME: x.mime, Caption: caption},
		})
	}
	forwarded := content("f", 9999)
	return append(out,
		exhibit{send: func(p *sandbox.Phone) { p.Location(31.23, 121.47) }, want: form.File{Kind: "location", MIME: "application/json"}, says: []string{"31.23", "121.47"}},
		exhibit{
			send: func(p *sandbox.Phone) { p.Forward("帮帮忙，意见书往高里写", "某客户") },
			want: form.File{Kind: "forwarded", MIME: "application/json", Origin: "某客户"}, says: []string{"帮帮忙，意见书往高里写", "某客户"},
		},
		exhibit{
			send: func(p *sandbox.Phone) { forwardFile(s, p, forwarded) }, data: forwarded,
			want: form.File{Kind: "document", Name: "通知.docx", MIME: "application/msword", Origin: "某 经理", Sent: forwardedAt},
		},
	)
}

var forwardedAt = time.Date(2026, 11, 19, 1, 2, 3, 0, time.UTC)

// forwardFile passes on a document that somebody else sent: a phone of the emulator passes on texts only. The file is one
// that was sent from another chat.
func forwardFile(s *stage, p *sandbox.Phone, data []byte) {
	other := s.box.Phone(999_999, "某")
	other.Send("document", "通知.docx", "application/msword", data, "")
	id := other.Last().File.ID
	raw, err := json.Marshal(map[string]any{"message": map[string]any{
		"message_id": 900_000, "date": s.clock.Now().Unix(), "chat": map[string]any{"id": p.ID(), "type": "private"},
		"from":           map[string]any{"id": p.ID(), "is_bot": false, "first_name": "张三"},
		"forward_origin": map[string]any{"type": "user", "date": forwardedAt.Unix(), "sender_user": map[string]any{"id": 5, "is_bot": false, "first_name": "某", "last_name": "经理"}},
		"document":       map[string]any{"file_id": id, "file_unique_id": "u", "file_name": "通知.docx", "mime_type": "application/msword", "file_size": len(data)},
	}})
	s.must(err)
	_, err = s.box.Inject(string(raw))
	s.must(err)
}

// TestEvidence takes every kind of evidence from the signer's phone through the vault and the signed record to the
// recipient's phone, byte for byte (Art. 4: 及时固定相关证据).
func TestEvidence(t *testing.T) {
	s := newFew(t)
	s.toEvidence("张三")
	began := s.clock.Now().Add(-time.Second)
	all := exhibits(s)
	for _, x := range all {
		if x.send != nil {
			x.send(s.phones["张三"])
			s.idle()
			s.shows("张三", "已收到并固定")
		}
	}
	s.tap("张三", "下一步")
	s.shows("张三", "请核对")
	s.tap("张三", "签名存档")
	s.outbox()

	mine := s.records("张三")
	if len(mine) != 1 {
		t.Fatalf("%d records", len(mine))
	}
	s.kept(all, mine[0].Answers[form.Evidence].Files, began)
	inbox := s.desk("钱七", db.Where{}).Inbox
	if len(inbox) != 1 {
		t.Fatalf("%d reports", len(inbox))
	}
	got := s.desk("钱七", db.Where{Place: flows.AtReport, Subject: inbox[0].ID}).Report
	if diff := cmp.Diff(mine[0].Answers[form.Evidence], got.Record.Answers[form.Evidence]); diff != "" {
		t.Errorf("the recipient's record differs:\n%s", diff)
	}
	s.must(s.Open("钱七", ""))
	s.tap("钱七", "待办")
	s.tapWith("钱七", "未读")
	s.handed("钱七", all)
	s.must(s.Command("张三", "records"))
	s.tapWith("张三", "101号")
	s.tap("张三", "查看所填内容")
	s.handed("张三", all[:2])
	s.refused("赵六", mine[0].ID, mine[0].Answers[form.Evidence].Files[0].ID)
}

// kept compares the signed list with what was sent, and the vault with both.
func (s *stage) kept(all []exhibit, files []form.File, began time.Time) {
	s.t.Helper()
	if len(files) != len(all) {
		s.t.Fatalf("%d pieces are signed, %d were sent", len(files), len(all))
	}
	ids := map[string]bool{}
	for i, f := range files {
		want := all[i].want
		bytes := s.vaulted(f)
		if all[i].data != nil && string(bytes) != string(all[i].data) {
			s.t.Errorf("piece %d: the vault has %d other bytes, %d were sent", i, len(bytes), len(all[i].data))
		}
		for _, w := range all[i].says {
			if !strings.Contains(string(bytes), w) {
				s.t.Errorf("piece %d lacks %q: %s", i, w, bytes)
			}
		}
		sum := sha256.Sum256(bytes)
		want.SHA256, want.Size = hex.EncodeToString(sum[:]), int64(len(bytes))
		ids[f.ID] = true
		for name, at := range map[string]time.Time{"received": f.Received, "sent": f.Sent} {
			if want.Sent.IsZero() || name == "received" {
				if at.Before(began.Truncate(time.Second)) || at.After(s.clock.Now()) {
					s.t.Errorf("piece %d was %s at %v", i, name, at)
				}
			} else if !at.Equal(want.Sent) {
				s.t.Errorf("piece %d was %s at %v, not %v", i, name, at, want.Sent)
			}
		}
		f.ID, f.Blob, f.Received, f.Sent, want.Sent = "", "", time.Time{}, time.Time{}, time.Time{}
		if diff := cmp.Diff(want, f); diff != "" {
			s.t.Errorf("piece %d:\n%s", i, diff)
		}
	}
	if len(ids) != len(files) {
		s.t.Errorf("%d names for %d pieces", len(ids), len(files))
	}
}

func (s *stage) vaulted(f form.File) []byte {
	s.t.Helper()
	r, _, err := s.app.stores.blobs.Open(context.Background(), f.Blob)
	s.must(err)
	defer r.Close()
	b, err := io.ReadAll(r)
	s.must(err)
	return b
}

// handed asks for each piece and wants it back, protected.
func (s *stage) handed(who string, all []exhibit) {
	s.t.Helper()
	for i, x := range all {
		s.tapWith(who, fmt.Sprintf("证据 %d · ", i+1))
		var m sandbox.Message
		for _, y := range s.phones[who].Messages() {
			if y.FromBot && y.Kind != "text" {
				m = y
			}
		}
		switch {
		case !m.Protected:
			s.t.Errorf("piece %d can be passed on", i)
		case x.want.Kind == "location":
			if m.Location == nil || m.Location.Lat != 31.23 || m.Location.Lon != 121.47 {
				s.t.Errorf("piece %d: %+v", i, m)
			}
		case m.File == nil:
			s.t.Errorf("piece %d came as a %s", i, m.Kind)
		case x.data != nil && (m.Kind != x.want.Kind || !bytes.Equal(s.phones[who].Download(m.File.ID), x.data) || m.Text != x.want.Caption):
			s.t.Errorf("piece %d came back as a %s of %d bytes, %q", i, m.Kind, m.File.Size, m.Text)
		case x.data == nil && !strings.Contains(string(s.phones[who].Download(m.File.ID)), x.says[0]):
			s.t.Errorf("piece %d came back without its words", i)
		}
		if !s.living(who).Protected {
			s.t.Errorf("the screen below piece %d can be passed on", i)
		}
	}
}

func (s *stage) refused(who, recordID, file string) {
	s.t.Helper()
	c, err := s.app.stores.db.Caller(context.Background(), s.phones[who].ID())
	s.must(err)
	if _, err := s.app.stores.db.Evidence(context.Background(), c, 1<<51, recordID, file); err == nil {
		s.t.Errorf("%s may have evidence of %s", who, recordID)
	}
}

// TestEvidenceDoesNotChange: what was received counts, whatever becomes of the message afterwards.
func TestEvidenceDoesNotChange(t *testing.T) {
	s := newFew(t)
	s.toEvidence("张三")
	p := s.phones["张三"]
	doc := p.Send("document", "a.txt", "text/plain", []byte("原来的内容"), "原来的说明")
	fwd := p.Forward("原来的话", "某客户")
	s.idle()
	before := s.state("张三").Sheet.Answers
	s.must(p.Edit(fwd, "改过的话"))
	s.idle()
	s.shows("张三", "编辑已发的消息不会改变已收到的内容")
	_, err := s.box.Inject(fmt.Sprintf(`{"edited_message":{"message_id":%d,"date":1,"edit_date":2,"chat":{"id":%d,"type":"private"},`+
		`"from":{"id":%[2]d,"is_bot":false,"first_name":"张三"},"caption":"改过的说明","document":{"file_id":%q,"file_unique_id":"u"}}}`, doc, p.ID(), "other"))
	s.must(err)
	s.idle()
	p.Delete(doc)
	if diff := cmp.Diff(before, s.state("张三").Sheet.Answers); diff != "" {
		t.Errorf("the draft changed:\n%s", diff)
	}
	s.tap("张三", "下一步", "签名存档")
	files := s.records("张三")[0].Answers[form.Evidence].Files
	if len(files) != 2 || string(s.vaulted(files[0])) != "原来的内容" || strings.Contains(string(s.vaulted(files[1])), "改过") {
		t.Errorf("signed: %+v", files)
	}
	_ = p.Edit(fwd, "再改一次")
	s.idle()
	if diff := cmp.Diff(files, s.records("张三")[0].Answers[form.Evidence].Files); diff != "" {
		t.Errorf("the record changed:\n%s", diff)
	}
	s.same("张三")
}

// TestEvidenceRefused: what cannot be taken gets one clear sentence and does the draft no harm.
func TestEvidenceRefused(t *testing.T) {
	s := newFew(t)
	s.toEvidence("张三")
	s.shows("张三", "每件不超过 20 MB")
	p := s.phones["张三"]
	unharmed := func(what string, do func(), sentence string) {
		t.Helper()
		before := s.state("张三").Sheet.Answers
		s.toasts["张三"] = len(p.Toasts())
		do()
		s.idle()
		if got := s.Screen("张三").Text; strings.Count(got, sentence) != 1 || !strings.Contains(got, "请发送您手里已有的证据") {
			t.Errorf("%s: the screen is\n%s", what, got)
		}
		if diff := cmp.Diff(before, s.state("张三").Sheet.Answers); diff != "" {
			t.Errorf("%s changed the draft:\n%s", what, diff)
		}
		s.same("张三")
	}
	s.box.ResetRequests()
	unharmed("21 MB", func() { p.Send("document", "大.bin", "", make([]byte, 21<<20), "") }, "文件太大，没有收下，草稿不受影响。单个不超过 20 MB")
	if n := len(s.calls("getFile", 0)); n != 0 {
		t.Errorf("%d downloads of what is too big", n)
	}
	const kind = "这种消息不能使用。请发送文字、照片、视频、语音、文件或位置。"
	unharmed("sticker", func() { p.Sticker() }, kind)
	unharmed("poll", func() { p.Poll() }, kind)
	unharmed("contact", func() { p.Contact() }, kind)
	s.box.Fault(func(method string, _ map[string]any) *sandbox.Fault {
		if method == "file" {
			return &sandbox.Fault{Status: 404}
		}
		return nil
	})
	unharmed("download failing", func() { p.Send("document", "a.txt", "text/plain", []byte("内容"), "") }, "这个文件没有收到，草稿不受影响，请再发一次。")
	s.box.Fault(nil)
	p.Send("document", "a.txt", "text/plain", []byte("内容"), "")
	s.idle()
	s.shows("张三", "证据 1 已收到并固定")
	unharmed("the same again", func() { p.Send("document", "a.txt", "text/plain", []byte("内容"), "") }, "这个文件已经收过了。")
}
