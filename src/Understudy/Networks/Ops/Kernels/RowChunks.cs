using static TorchSharp.torch;

namespace Understudy.Networks.Ops.Kernels;

/// <summary>The rows of channels-last maps in pieces that depend on their shape alone: the parts of a sum that is the same for any number of threads.</summary>
internal readonly struct RowChunks
{
    /// <summary>Of a piece: enough to be worth a thread's while, few enough that a small map has some pieces.</summary>
    private const int Numbers = 1 << 15;

    private readonly int _each;

    public RowChunks(Tensor x)
    {
        var maps = Maps.Of(x);
        (Rows, Channels) = (maps.Images * (nint)maps.Rows, maps.Channels);
        _each = Math.Max(1, Numbers / Channels);
        Count = (int)((Rows + _each - 1) / _each);
    }

    /// <summary>N·H·W.</summary>
    public nint Rows { get; }

    public int Channels { get; }

    public int Count { get; }

    /// <summary>The first row of a piece.</summary>
    public nint Start(int chunk) => (nint)chunk * _each;

    /// <summary>The row after its last.</summary>
    public nint End(int chunk) => Math.Min(Rows, ((nint)chunk + 1) * _each);
}
