"""Makes images.json: small files written and decoded by PIL, and images resized by it. Run with Debian's python3 (PIL 9.4)."""
import base64, io, json, struct, zlib
import numpy as np
from PIL import Image

rng = np.random.default_rng(7)
h, w = 9, 14
y, x = np.mgrid[0:h, 0:w]
smooth = np.stack([x * 255 / (w - 1), y * 255 / (h - 1), (x + y) * 255 / (w + h - 2)], -1).astype(np.uint8)
grey = Image.fromarray(smooth[:, :, 0])
rgb = Image.fromarray(smooth)
alpha = np.dstack([smooth, rng.integers(0, 256, (h, w), dtype=np.uint8)])

def planes(im):
    a = np.asarray(im)
    a = a[None] if a.ndim == 2 else a.transpose(2, 0, 1)
    return {"shape": list(a.shape), "pixels": [int(v) for v in a.reshape(-1)]}

def saved(im, fmt, **kw):
    b = io.BytesIO(); im.save(b, fmt, **kw); return b.getvalue()

def png16(values, colour):                      # PIL cannot write 16-bit RGB
    def chunk(k, d): return struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d))
    rows = b"".join(b"\0" + r.astype(">u2").tobytes() for r in values)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 16, colour, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")

decode = {}
def add(name, data, shown, tolerance): decode[name] = {"file": base64.b64encode(data).decode(), "tolerance": tolerance, **planes(shown)}
def opened(data): return Image.open(io.BytesIO(data))

for name, data in {"grey.jpg": saved(grey, "JPEG", quality=90), "progressive.jpg": saved(grey, "JPEG", progressive=True)}.items():
    add(name, data, opened(data), 0)
data = saved(rgb, "JPEG", quality=95, subsampling=0)
add("rgb.jpg", data, opened(data), 1)
data = saved(rgb.convert("CMYK"), "JPEG", quality=95)
add("cmyk.jpg", data, opened(data).convert("RGB"), 3)
for orientation in range(1, 9):
    exif = Image.Exif(); exif[0x0112] = orientation
    data = saved(grey, "JPEG", quality=95, exif=exif)
    how = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}[orientation]
    im = opened(data)
    add(f"exif{orientation}.jpg", data, im if how is None else im.transpose(how), 0)
add("alpha.png", saved(Image.fromarray(alpha), "PNG"), Image.fromarray(np.round(smooth * (alpha[:, :, 3:] / 255.0)).astype(np.uint8)), 1)
indexed = rgb.quantize(16)
add("palette.png", saved(indexed, "PNG"), indexed.convert("RGB"), 0)
bits = Image.fromarray(smooth[:, :, 0] > 127)
add("one-bit.png", saved(bits, "PNG"), bits.convert("L"), 0)
wide = smooth.astype(np.uint16) * 256 + 128
add("grey16.png", png16(wide[:, :, 0], 0), Image.fromarray(smooth[:, :, 0]), 1)
add("rgb16.png", png16(wide.reshape(h, -1), 2), rgb, 1)
# Several frames: the first counts. The second differs nearly everywhere, so a mix-up shows.
frames = [grey, Image.fromarray(255 - smooth[:, :, 0])]
for name, fmt in {"animated.gif": "GIF", "animated.png": "PNG"}.items():
    add(name, saved(frames[0], fmt, save_all=True, append_images=frames[1:]), frames[0].convert("RGB" if fmt == "GIF" else "L"), 0)
data = saved(rgb, "WEBP", save_all=True, append_images=[Image.fromarray(255 - smooth)], lossless=True)
add("animated.webp", data, rgb, 0)
indexed.info["transparency"] = 0
seen = indexed.convert("RGBA")
add("palette-transparent.png", saved(indexed, "PNG", transparency=0), Image.fromarray((np.asarray(seen)[:, :, :3] * (np.asarray(seen)[:, :, 3:] > 0)).astype(np.uint8)), 0)

resize = []
for (fh, fw), (th, tw) in [((48, 48), (32, 32)), ((64, 64), (48, 48)), ((32, 32), (48, 48)), ((30, 21), (7, 16)), ((5, 40), (11, 3))]:
    im = rng.integers(0, 256, (fh, fw), dtype=np.uint8)
    out = np.asarray(Image.fromarray(im).resize((tw, th), Image.BILINEAR))
    resize.append({"from": [fh, fw], "to": [th, tw], "source": base64.b64encode(im.tobytes()).decode(), "expected": base64.b64encode(out.tobytes()).decode()})

luma = rng.integers(0, 256, (1, 64, 3), dtype=np.uint8)
json.dump({"decode": decode, "resize": resize,
           "luma": {"rgb": [int(v) for v in luma.transpose(2, 0, 1).reshape(-1)], "grey": [int(v) for v in np.asarray(Image.fromarray(luma).convert("L")).reshape(-1)]}},
          open("images.json", "w"))
