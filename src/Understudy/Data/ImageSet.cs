using System.Runtime.InteropServices;
using Understudy.Common;

namespace Understudy.Data;

/// <summary>Channels × height × width of every image of a set.</summary>
public sealed record ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Bytes of one image.</summary>
    public int Size => Channels * Height * Width;

    public override string ToString() => $"{Channels}×{Height}×{Width}";
}

/// <summary>
/// Labelled images in memory: uint8, 0–255, [N, C, H, W] in one array; class names in one fixed order; an id for every image,
/// unique in the set. Immutable.
/// </summary>
public sealed class ImageSet
{
    private readonly byte[] _pixels;
    private readonly int[] _labels;
    private readonly string[] _ids;
    private readonly string[]? _parts;
    private Dictionary<string, int>? _index;
    private string? _fingerprint;

    /// <param name="parts">The part each image came in ("train", "test"), where the source has parts.</param>
    /// <exception cref="InvalidDataException">Lengths that disagree, a label outside the classes, an id given twice.</exception>
    public ImageSet(ClassNames classes, ImageShape shape, string[] ids, int[] labels, byte[] pixels, string[]? parts = null)
    {
        (Classes, Shape, _ids, _labels, _pixels, _parts) = (classes, shape, ids, labels, pixels, parts);
        if (ids.Length != labels.Length || (long)ids.Length * shape.Size != pixels.LongLength
            || (parts is not null && parts.Length != ids.Length))
        {
            throw new InvalidDataException($"{ids.Length} ids, {labels.Length} labels and {pixels.LongLength} bytes do not make "
                + $"one set of {shape} images");
        }
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes.Count)
                throw new InvalidDataException($"image '{ids[i]}' has label {labels[i]}; the set has classes 0 to "
                    + $"{classes.Count - 1}");
        }
        if (ids.Distinct(StringComparer.Ordinal).Count() != ids.Length)
            throw new InvalidDataException(
                $"image id '{ids.GroupBy(i => i, StringComparer.Ordinal).First(g => g.Count() > 1).Key}' is given twice");
    }

    public ClassNames Classes { get; }

    public ImageShape Shape { get; }

    public int Count => _ids.Length;

    public IReadOnlyList<string> Ids => _ids;

    public IReadOnlyList<int> Labels => _labels;

    /// <summary>The part each image came in, or null where the source has no parts.</summary>
    public IReadOnlyList<string>? Parts => _parts;

    /// <summary>All pixels, [N, C, H, W].</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>The pixels of image <paramref name="index"/>, [C, H, W].</summary>
    public ReadOnlySpan<byte> this[int index] => _pixels.AsSpan(index * Shape.Size, Shape.Size);

    /// <summary>The index of an id, or −1.</summary>
    public int IndexOf(string id)
    {
        _index ??= _ids.Select((x, i) => (x, i)).ToDictionary(p => p.x, p => p.i, StringComparer.Ordinal);
        return _index.GetValueOrDefault(id, -1);
    }

    /// <summary>The same images, said to come in other parts.</summary>
    internal ImageSet WithParts(string[] parts) => new(Classes, Shape, _ids, _labels, _pixels, parts);

    public int[] CountsPerClass()
    {
        var counts = new int[Classes.Count];
        foreach (var l in _labels) counts[l]++;
        return counts;
    }

    /// <summary>The images at these indices, in this order.</summary>
    public ImageSet Subset(IReadOnlyList<int> indices)
    {
        var pixels = new byte[(long)indices.Count * Shape.Size];
        for (int i = 0; i < indices.Count; i++) this[indices[i]].CopyTo(pixels.AsSpan(i * Shape.Size));
        return new(Classes, Shape, [.. indices.Select(i => _ids[i])], [.. indices.Select(i => _labels[i])], pixels,
            _parts is null ? null : [.. indices.Select(i => _parts[i])]);
    }

    /// <summary>
    /// SHA-256 over classes, shape, ids, labels and pixels: equal content, equal fingerprint, whatever it was read from.
    /// </summary>
    public string Fingerprint
    {
        get
        {
            if (_fingerprint is not null) return _fingerprint;
            using var f = new Fingerprint();
            f.Add("image-set/1").Add(Classes.Count);
            foreach (var c in Classes) f.Add(c);
            f.Add(Shape.ToString()).Add(Count);
            foreach (var id in _ids) f.Add(id);
            return _fingerprint = f.Add(MemoryMarshal.AsBytes(_labels.AsSpan())).Add(_pixels).Finish();
        }
    }
}
