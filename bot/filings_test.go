package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	witness "liuhen/storage/ledger"
	"liuhen/storage/vault"
)

// printedText is the text of a printed file.
func printedText(t testing.TB, pdf []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "print.pdf")
	must(t, os.WriteFile(file, pdf, 0o600))
	out, err := exec.CommandContext(context.Background(), "pdftotext", "-layout", file, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("pdftotext: %v %s", err, out)
	}
	return string(out)
}

// TestFilingsOnTheTelephone: the list that the head and the officer print is the same file to the last byte whether a signer said
// 无此类情况 or reported the head past the institution; and its code is what verify says of the signer's receipt.
func TestFilingsOnTheTelephone(t *testing.T) {
	seed := seedLife(t)
	lists := map[string][][]byte{}
	codes := map[string]string{}
	for _, world := range []string{"zero", "direct"} {
		s := newStage(t, staging{seed: seed, cast: few})
		s.must(s.Command("张三", "file"))
		s.tap("张三", case101)
		if world == "zero" {
			s.tap("张三", "☐ 无此类情况", "签名存档")
		} else {
			s.tap("张三", "☐ 有上述情形", "☐ （三）出具特定鉴定意见", "下一步", "☐ 鉴定机构内部人员", "下一步", "☐ 赵六（鉴定机构负责人）", "下一步", "否", "否", "下一步")
			s.says("张三", "11月20日", "本所二楼办公室")
			s.tap("张三", "☐ 当面", "下一步")
			s.says("张三", story)
			s.tap("张三", "下一步", "下一步", "下一步", "签名存档")
		}
		s.tap("张三", "回执")
		receipt := s.phones["张三"].Download(s.documents("张三")[0].File.ID)
		for _, who := range []string{"赵六", "郑一"} {
			s.must(s.Command(who, "help"))
			s.tap(who, "填报清单", "2026年第4季度")
			got := s.documents(who)
			if len(got) != 1 || got[0].Protected || !strings.HasPrefix(got[0].File.Name, "list-") {
				t.Fatalf("%s: %s has %+v", world, who, got)
			}
			lists[who] = append(lists[who], s.phones[who].Download(got[0].File.ID))
		}
		keys := s.app.stores.keys
		r, err := witness.OpenReceipt(receipt, keys.Verifiers()...)
		must(t, err)
		codes[world] = r.Code()
		invokeWith(t, receipt, "verify", "--key", keys.PublicKey(vault.Standard)).says(t, 0, "填报清单上的核对码："+r.Code()+"。|Its code on lists of filings: "+r.Code())
		if text := printedText(t, lists["赵六"][0]); strings.Count(text, r.Code()) != 1 || !strings.Contains(text, "应填报 4 份：已填报 1 份，缺签说明 0 份，未填报 3 份") {
			t.Errorf("the list says\n%s", text)
		}
	}
	if codes["zero"] != codes["direct"] {
		t.Fatalf("the entries have different IDs, so that the lists cannot be compared: %v", codes)
	}
	for who, both := range lists {
		if !bytes.Equal(both[0], both[1]) {
			t.Errorf("the lists of %s differ:\n%s\n%s", who, printedText(t, both[0]), printedText(t, both[1]))
		}
	}
}
