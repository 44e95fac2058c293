package sandbox

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"os"
	"os/signal"
	"testing"
	"time"
)

var look = flag.String("look", "", "address, e.g. 127.0.0.1:8099: serve the page with a scripted bot until interrupted")

// TestLook serves the page for looking at: go test -run TestLook -look 127.0.0.1:8099 -timeout 0 .
func TestLook(t *testing.T) {
	if *look == "" {
		t.Skip("for looking at by hand: needs -look")
	}
	var r *rig
	r = newRig(t, func(o *Options) {
		o.BotName = "留痕"
		o.People = []Person{
			{ID: 11, Name: "张三", Role: "鉴定人 · 示例鉴定所", Payload: "inv-zhang"},
			{ID: 12, Name: "李四", Role: "机构负责人 · 示例鉴定所", Payload: "inv-li"},
			{ID: 13, Name: "王五", Role: "报告接收人 · 示例市司法局"},
			{ID: 14, Name: "赵六", Role: "档案员"},
		}
		o.AdvanceDay = func() time.Time { r.clock.add(24 * time.Hour); return r.clock.Now() }
	})
	r.script()
	srv := &http.Server{Addr: *look, Handler: r.Handler()}
	go func() { _ = srv.ListenAndServe() }()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	<-stop
	_ = srv.Close()
}

// script holds the conversations of the picture.
func (r *rig) script() {
	r.ok("setMyCommands", obj{"commands": []obj{
		{"command": "start", "description": "打开菜单"}, {"command": "help", "description": "帮助"},
	}}, nil)
	zhang, li, wang := r.Phone(11, ""), r.Phone(12, ""), r.Phone(13, "")
	zhang.Start("inv-zhang")
	r.send(11, "您好，<b>张三</b>。您已登记为<b>示例鉴定所</b>的鉴定人。\n本机器人对您的身份保密，但<u>不是匿名</u>的：记录须由您签名。",
		obj{"parse_mode": "HTML", "protect_content": true, "reply_markup": obj{"keyboard": [][]obj{
			{{"text": "填报记录"}, {"text": "我的案件"}}, {{"text": "待办"}, {"text": "帮助"}},
		}, "resize_keyboard": true}})
	zhang.Say("填报记录")
	r.clock.add(time.Minute)
	form := r.send(11, "正在打开……", obj{"protect_content": true})
	r.clock.add(time.Minute)
	r.ok("editMessageText", obj{
		"chat_id": 11, "message_id": form, "parse_mode": "HTML",
		"text": "<b>干预司法鉴定活动记录表</b>\n<code>示例〔2026〕鉴字第 12 号</code>\n\n<blockquote>下列情形，凡有发生的请勾选；没有的，请选“无此类情况”。</blockquote>",
		"reply_markup": obj{"inline_keyboard": [][]obj{
			{button("☑ 请托说情、打探案情", "1")},
			{button("☐ 为当事人转递材料或者安排私下会见鉴定人", "2")},
			{button("☐ 明示或者暗示鉴定意见", "3")},
			{button("☐ 无此类情况", "0")},
			{button("上一步", "b"), button("保存退出", "q"), obj{"text": "下一步", "callback_data": "n", "style": "primary"}},
		}},
	}, nil)
	li.Start("inv-li")
	r.send(12, "您好，李四。本所现有 <b>3</b> 件已办结案件尚缺记录。", obj{"parse_mode": "HTML"}, keyboard([]obj{button("查看清单", "l")}))
	li.Send("photo", "", "image/jpeg", picture(), "当天的来访登记")
	r.upload(12, "回执-2026-0012.pdf", bytes.Repeat([]byte("%PDF-1.7 "), 6000))
	_ = li.Tap(0, "查看清单")
	li.Forward("听说鉴定意见还没有定，能不能照顾一下？", "匿名来电人")
	r.clock.add(20 * time.Hour)
	_ = li.Tap(0, "查看清单")
	wang.Start("")
	wang.Location(39.9042, 116.4074)
	r.send(13, "您有一件新的材料需要查看。", keyboard([]obj{button("查看", "v")}))
}

func picture() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 640, 400))
	for y := range 400 {
		for x := range 640 {
			img.Set(x, y, color.RGBA{uint8(120 + x/8), uint8(150 + y/6), uint8(140 + (x+y)/16), 255})
		}
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, nil)
	return b.Bytes()
}
