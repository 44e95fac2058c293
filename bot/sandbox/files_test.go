package sandbox

import (
	"bytes"
	"io"
	"net/http"
	"testing"
	"time"
)

func (r *rig) download(path string) (int, []byte) {
	r.t.Helper()
	resp, err := http.Get(r.http.URL + "/file/bot" + token + "/" + path)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp.StatusCode, body
}

type wireFile struct {
	ID   string `json:"file_id"`
	Path string `json:"file_path"`
	Size int    `json:"file_size"`
}

func TestFilesOfPeopleReachTheBot(t *testing.T) {
	r, p := started(t)
	want := []byte("%PDF-1.7 内容")
	p.Send("document", "材料.pdf", "application/pdf", want, "说明")
	m := r.updates(0)[1]["message"].(obj)
	d := m["document"].(obj)
	if d["file_name"] != "材料.pdf" || d["mime_type"] != "application/pdf" || d["file_size"] != float64(len(want)) || m["caption"] != "说明" {
		t.Errorf("message %v", m)
	}
	var f wireFile
	r.ok("getFile", obj{"file_id": d["file_id"]}, &f)
	if code, got := r.download(f.Path); code != 200 || !bytes.Equal(got, want) {
		t.Errorf("download: %d %q", code, got)
	}
	r.clock.add(time.Hour)
	if code, _ := r.download(f.Path); code != 404 {
		t.Errorf("a link of an hour ago gives %d", code)
	}
	if code, _ := r.download("documents/none.pdf"); code != 404 {
		t.Errorf("no such file: %d", code)
	}
	r.refused("getFile", obj{"file_id": "nonsense"}, 400, "wrong file_id")
}

func TestFileTooBig(t *testing.T) {
	r, p := started(t)
	p.Send("document", "大.bin", "", make([]byte, maxDownload+1), "")
	r.refused("getFile", obj{"file_id": p.Last().File.ID}, 400, "Bad Request: file is too big")
	p.Send("document", "刚好.bin", "", make([]byte, maxDownload), "")
	r.ok("getFile", obj{"file_id": p.Last().File.ID}, nil)
}

func TestPhotoSizes(t *testing.T) {
	r, p := started(t)
	p.Send("photo", "", "", picture(), "")
	sizes := r.updates(0)[1]["message"].(obj)["photo"].([]any)
	if len(sizes) != 3 { // 640×400: 90, 320 and the whole
		t.Fatalf("%d sizes", len(sizes))
	}
	seen := map[any]bool{}
	for _, x := range sizes {
		seen[x.(obj)["file_unique_id"]] = true
	}
	if last := sizes[2].(obj); len(seen) != 3 || last["width"] != 640.0 || last["file_size"] != float64(len(picture())) {
		t.Errorf("sizes %v", sizes)
	}
}

func TestAlbums(t *testing.T) {
	r, p := started(t)
	if ids := p.SendAlbum(Attachment{Kind: "photo", Data: picture(), Caption: "一"}, Attachment{Kind: "photo", Data: picture()}); len(ids) != 2 {
		t.Fatalf("ids %v", ids)
	}
	list := r.updates(0)[1:]
	if len(list) != 2 {
		t.Fatalf("%d updates", len(list))
	}
	a, b := list[0]["message"].(obj), list[1]["message"].(obj)
	if a["media_group_id"] == nil || a["media_group_id"] != b["media_group_id"] {
		t.Errorf("albums %v, %v", a["media_group_id"], b["media_group_id"])
	}
}

func TestBotSendsFiles(t *testing.T) {
	r, p := started(t)
	id := r.upload(1, "收据.pdf", []byte("%PDF"))
	if m := p.Last(); m.File.Name != "收据.pdf" || string(p.Download(m.File.ID)) != "%PDF" {
		t.Errorf("message %+v", m)
	}
	r.ok("sendDocument", obj{"chat_id": 1, "document": id, "caption": "<b>再</b>", "parse_mode": "HTML"}, nil)
	last := p.Last()
	if last.File.ID != id || last.Text != "再" {
		t.Errorf("sent again: %+v", last)
	}
	r.ok("editMessageCaption", obj{"chat_id": 1, "message_id": last.ID, "caption": "改"}, nil)
	r.refused("editMessageText", obj{"chat_id": 1, "message_id": last.ID, "text": "x"}, 400, "there is no text in the message")
	r.clean()
	r.refused("sendPhoto", obj{"chat_id": 1, "photo": id}, 400, "can't use file of type document as photo")
	r.refused("sendDocument", obj{"chat_id": 1, "document": "https://example.org/a.pdf"}, 400, "not emulated")
	r.refused("sendDocument", obj{"chat_id": 1, "document": "nonsense"}, 400, "wrong file identifier")
	if a := r.multipart("sendPhoto", obj{"chat_id": "1"}, "photo", "p.jpg", make([]byte, maxPhoto+1)); a.Code != 413 {
		t.Errorf("a photo of over 10 MB: %+v", a)
	}
	if a := r.multipart("sendDocument", obj{"chat_id": "1"}, "document", "e.txt", nil); a.OK {
		t.Error("an empty file was taken")
	}
}
