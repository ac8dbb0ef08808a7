using static TorchSharp.torch;

namespace Understudy.Networks.Ops.Kernels;

/// <summary>
/// The rows of channels-last maps in chunks that depend on the maps' shape alone: the parts of a sum that is the same for any
/// number of threads.
/// </summary>
internal readonly struct RowChunks
{
    /// <summary>Enough to be worth a thread's while, few enough that a small map has some chunks.</summary>
    private const int NumbersPerChunk = 1 << 15;

    private readonly int _rowsPerChunk;

    public RowChunks(Tensor x)
    {
        var maps = Maps.Of(x);
        (Rows, Channels) = (maps.Images * (nint)maps.Rows, maps.Channels);
        _rowsPerChunk = Math.Max(1, NumbersPerChunk / Channels);
        Count = (int)((Rows + _rowsPerChunk - 1) / _rowsPerChunk);
    }

    /// <summary>N·H·W.</summary>
    public nint Rows { get; }

    public int Channels { get; }

    public int Count { get; }

    /// <summary>The first row of a chunk.</summary>
    public nint Start(int chunk) => (nint)chunk * _rowsPerChunk;

    /// <summary>The row after its last.</summary>
    public nint End(int chunk) => Math.Min(Rows, ((nint)chunk + 1) * _rowsPerChunk);
}
