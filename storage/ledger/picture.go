package ledger

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"rsc.io/qr"
)

// Pixels of a picture: a module of the code, and the quiet zone around it in modules.
const (
	moduleSize = 4
	quietZone  = 4
)

// Picture is a receipt as a QR code, a PNG that gives the whole signed text back to any telephone. It is not compressed: its
// size depends on nothing but the length of the text.
func Picture(signed []byte) ([]byte, error) {
	code, err := qr.Encode(string(signed), qr.M)
	if err != nil {
		return nil, fmt.Errorf("draw the receipt: %w", err)
	}
	side := (code.Size + 2*quietZone) * moduleSize
	img := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range side {
		for x := range side {
			if code.Black(x/moduleSize-quietZone, y/moduleSize-quietZone) {
				img.SetColorIndex(x, y, 1)
			}
		}
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&b, img); err != nil {
		return nil, fmt.Errorf("draw the receipt: %w", err)
	}
	return b.Bytes(), nil
}
