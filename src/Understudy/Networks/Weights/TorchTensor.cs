using Understudy.Common;

namespace Understudy.Networks;

/// <summary>One-dimensional data that tensors are views of; filled after the pickle that names it.</summary>
internal sealed class TorchStorage(string key, PickleGlobal.StorageType type, long count)
{
    public string Key => key;

    public PickleGlobal.StorageType Type => type;

    /// <summary>Elements.</summary>
    public long Count => count;

    /// <summary>Exactly <see cref="Count"/> elements, once the file's data were read.</summary>
    public ReadOnlyMemory<byte>? Data { get; set; }
}

/// <summary>A strided view of a storage, checked to lie inside it and to have no more elements than it.</summary>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Size, long[] Stride)
{
    private const int MostDimensions = 16;

    /// <summary>Elements.</summary>
    public long Count => Size.Aggregate(1L, (a, b) => a * b);

    public bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (int d = Size.Length - 1; d >= 0; d--)
            {
                if (Size[d] != 1 && Stride[d] != expected) return false;
                expected *= Size[d];
            }
            return true;
        }
    }

    /// <returns>What is wrong with the view, or null.</returns>
    public string? Fault()
    {
        if (Size.Length != Stride.Length || Size.Length > MostDimensions)
            return $"a tensor of {Size.Length} sizes and {Stride.Length} strides";
        if (Offset < 0 || Size.Any(s => s < 0) || Stride.Any(s => s < 0))
            return "a tensor with a negative size, stride or offset";
        if (Size.Contains(0)) return null;
        Int128 last = Offset, count = 1;
        for (int d = 0; d < Size.Length; d++)
        {
            last += (Int128)(Size[d] - 1) * Stride[d];
            count *= Size[d];
            // Each is at most 2^63 × 2^63 more than what passed before: no overflow.
            if (last >= Storage.Count || count > Storage.Count)
            {
                return last < Storage.Count && Enumerable.Range(0, Size.Length).Any(i => Stride[i] == 0 && Size[i] > 1)
                    ? $"an expanded view [{string.Join(", ", Size)}] of {Storage.Count} elements; save it with .contiguous()"
                    : $"a tensor [{string.Join(", ", Size)}] that its storage of {Storage.Count} elements does not hold";
            }
        }
        return last < Storage.Count ? null : $"a tensor at {Offset} of a storage of {Storage.Count} elements";
    }

    /// <summary>The tensor's own bytes, row-major: a slice of the storage where it lies so, else a copy.</summary>
    public SafetensorsEntry ToEntry()
    {
        var data = Storage.Data!.Value;
        var width = Storage.Type.Bytes;
        if (Count == 0) return new(Storage.Type.Dtype, Size, ReadOnlyMemory<byte>.Empty);
        return new(Storage.Type.Dtype, Size,
            IsContiguous ? data.Slice((int)(Offset * width), (int)(Count * width)) : Gather(data.Span, width));
    }

    private byte[] Gather(ReadOnlySpan<byte> data, int width)
    {
        var result = new byte[Count * width];
        var index = new long[Size.Length];
        var from = Offset;
        for (int to = 0; to < result.Length; to += width)
        {
            data.Slice((int)(from * width), width).CopyTo(result.AsSpan(to));
            for (int d = Size.Length - 1; d >= 0; d--)
            {
                from += Stride[d];
                if (++index[d] < Size[d]) break;
                from -= Stride[d] * Size[d];
                index[d] = 0;
            }
        }
        return result;
    }
}
