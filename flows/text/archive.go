package text

// The words of the sealed sub-file of a case (AM-12), and of exporting and unsealing it.
const (
	ArchiveSays = "干预司法鉴定活动记录表 %d 份，已归档（密存）"

	ArchiveReadme = `干预司法鉴定活动记录表——密存件

一、本件是什么
本件依据司办通〔2020〕56号第四条存入司法鉴定业务档案。index.json 和 index.pdf 是目录，可以公开，只说明每名鉴定人已经签署存档。
part-N.age 是封存的记录，每名鉴定人一份，另有一份留给其他人员，大小一律相同：从外面看不出记录的内容，也看不出有没有干预情形。
封存件不随案卷提供查阅、复制。

二、核对是否改动
1. 用常用工具：sha256sum -c SHA256SUMS。
2. 用本系统和系统公布的公钥（不需要数据库，不联网）：go run ./bot verify 本件所在文件夹 --key 公钥
   SIGNATURE.txt 是系统对 SHA256SUMS 的签名，checkpoint.txt 是制作时的日志检查点。不用本系统怎样核验，见 FORMAT.md。

三、怎样拆封
拆封须持主管司法行政机关的密钥，或者由两名被授权人同时持各自的密钥，并登记事由。
1. 用本系统：go run ./bot export --unseal 本件所在文件夹 --identity 密钥文件 [--identity 第二人密钥文件] --reason 事由 --to 存放文件夹
2. 不用本系统（格式公开，age-encryption.org/v1）：
   a. keys.json 中每个 part-N.age 有一个 organ 和六个 pairs，均为 base64。解码得到 age 文件。
   b. 持机关密钥：age -d -i 机关密钥 organ 文件，得到一行 AGE-SECRET-KEY-1…，存为 k。
      两名被授权人：依次试每个 pairs 文件：age -d -i 甲的密钥 文件 > 内层；age -d -i 乙的密钥 内层 > k（甲乙次序都要试）。
   c. age -d -i k part-N.age > part.zip，用任何解压软件打开。
      entry-N.json 是签署时的原始字节，entry-N.txt 是同一内容的文字，sheet.pdf 是记录表，padding.bin 是填充，没有内容。

四、怎样核验拆封后的记录
每份记录附有回执（entry-N.receipt.txt）和证明（entry-N.proof.json）。证明把记录连到检查点：检查点之前已经存档，此后没有改动。
只需公钥：go run ./bot verify 拆封后的文件夹 --key 公钥。不用本系统的做法见 FORMAT.md。
公钥用 go run ./bot verify --public-key 取得，请另行印在纸上存入案卷。早先存放在本机之外的检查点，可用来证明日志没有重做。

This package is the sealed part of a case file under Art. 4 of 司办通〔2020〕56号. The index is public; part-N.age holds the signed
entries and opens with the supervising authority's age key, or with the keys of two authorised people, one after the other.
Each entry has its receipt and a proof that it was filed before the checkpoint; with the published key alone, verify FOLDER --key KEY checks
the package, and the unsealed folders too. FORMAT.md says how to do that with openssl and Python only.
Everything is in open formats: age-encryption.org/v1, ZIP, JSON, PDF, UTF-8 text. The steps above work without this program.
`
)

// The index of a package on paper, and what the export command says.
const (
	ArchiveTitle       = "干预司法鉴定活动记录表（密存件目录）"
	ArchiveInstitution = "鉴定机构"
	ArchiveClosed      = "办结日期"
	ArchiveState       = "归档情况"
	ArchiveSigner      = "签名人"
	ArchiveFiled       = "%s　已签署存档（%s）　封存件 %d" // name, day, number
	ArchiveMissing     = "%s　未签署%s　封存件 %d"     // name, note in brackets, number
	ArchiveOthers      = "其他人员"
	ArchiveChange      = "%s：%s 导入的名单%s"
	ArchiveOthersPart  = "封存件 %d（有无记录，均附此件）"
	ArchiveNote        = "封存件由主管司法行政机关拆封，或者由两名被授权人共同拆封，并登记事由；不随案卷提供查阅、复制。保管期限自办结之日起三十年，期满不自动销毁。"
	ArchiveExported    = "已导出 %d 件案件的密存件到 %s。" // number, folder
	ArchiveIncomplete  = "%d 件案件有人未签署，没有导出："   // number
	ArchiveIncompleteN = "· %s %s：%d 人未签署"     // institution, case number, people
	ArchiveNone        = "这段时间没有办结的案件。"
	ArchiveUnsealed    = "已拆封 %d 份，存放在 %s；本次拆封已登记。用完请妥善保管或销毁。" // number, folder
)
