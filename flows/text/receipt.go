package text

// Receipts that can be kept and verified (E9), and what the program says of them at a terminal.
const (
	BtnKeepReceipt Key = "btn.receipt.keep"
	HintReceipt    Key = "hint.receipt"
	ReceiptFile    Key = "receipt.file"

	VerifyGood     Key = "verify.good"
	VerifyDamaged  Key = "verify.damaged"
	VerifyLayout   Key = "verify.layout"
	VerifyOther    Key = "verify.other"
	VerifyForged   Key = "verify.forged"
	VerifyGoodMark Key = "verify.checkpoint"

	VerifyGoodFiles Key = "verify.files"
	VerifySealed    Key = "verify.sealed"
	VerifyGoodProof Key = "verify.proof"
	VerifyUnproved  Key = "verify.unproved"
	VerifyNoProof   Key = "verify.noproof"
)

var receiptZh = map[Key]string{
	BtnKeepReceipt: "回执",
	HintReceipt:    "回执已发到对话中：一份文字，一张内容相同的二维码图片。请自行保存，任何人都能用公布的公钥核验。它不反映所填内容。",
	ReceiptFile:    "回执-%s",

	VerifyGood:     "回执真实：系统 %s 证明，%s（%s）的记录 %s 已于 %s 签名存档。签名方式：%s。填报清单上的核对码：%s。",
	VerifyDamaged:  "这不是一份完整的回执或检查点：请使用收到的原文件，或二维码给出的全部文字，从第一行到最后一行。",
	VerifyLayout:   "这份回执或检查点的版本较新：请用较新的版本核验。",
	VerifyOther:    "签名的是另一个系统或另一把密钥，与所给公钥不符：请使用文中所列系统公布的公钥。",
	VerifyForged:   "签名与文字不符：文字被改动过，或是伪造的，不能采信。",
	VerifyGoodMark: "检查点真实：系统 %s 于 %s 签发。",

	VerifyGoodFiles: "文件完整：与系统 %s 于 %s 签封的清单一致。",
	VerifySealed:    "封存件没有拆封，其中的记录要在拆封后核验。",
	VerifyGoodProof: "其中 %d 份记录与回执相符，并且已在 %s 的检查点之前存档，此后没有改动。",
	VerifyUnproved:  "记录、回执、证明和检查点对不上：其中有的被改动过，或者不属于同一份记录，不能采信。",
	VerifyNoProof:   "这份密存件由早期版本制作，没有签封和证明：只核对了文件的校验值，是否真实要用回执核验。",
}

var receiptEn = map[Key]string{
	BtnKeepReceipt: "Receipt",
	HintReceipt:    "The receipt has been sent to this chat: as text, and the same as a QR code. Keep it; anybody can verify it with the published key. It says nothing of what you filled in.",
	ReceiptFile:    "receipt-%s",

	VerifyGood:     "The receipt is genuine: system %s confirms that the entry by %s (%s), no. %s, was signed and filed at %s. Signed by: %s. Its code on lists of filings: %s.",
	VerifyDamaged:  "This is not a whole receipt or checkpoint: use the file as it was received, or the complete text that the QR code gives, first line to last.",
	VerifyLayout:   "This receipt or checkpoint is of a later layout: verify it with a later release.",
	VerifyOther:    "This was signed by another system, or with another key, than the public key given: take the key that the system named in the text publishes.",
	VerifyForged:   "The signature does not belong to this text: it was altered or forged, do not rely on it.",
	VerifyGoodMark: "The checkpoint is genuine: system %s issued it at %s.",

	VerifyGoodFiles: "The files are whole: they are those on the list that system %s signed at %s.",
	VerifySealed:    "The sealed parts were not opened; their entries can be verified once they are.",
	VerifyGoodProof: "The %d entries in it are those their receipts were issued for; they were filed before the checkpoint of %s and are unaltered.",
	VerifyUnproved:  "Entry, receipt, proof and checkpoint do not agree: one was altered, or they do not belong together; do not rely on them.",
	VerifyNoProof:   "This package was made by an early release, without signature and proofs: only its sums were compared; verify what is in it with the receipts.",
}
