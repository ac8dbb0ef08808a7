using System.Runtime;

namespace Understudy.Common;

/// <summary>
/// Holds garbage collection off while tensors are at work. TorchSharp 0.107 hands native handles of finalizable objects (every
/// <c>Scalar</c> made from a number, above all) to libtorch without keeping the object alive: a collection at the wrong moment
/// frees one that is in use, and a long training ends, rarely, in an error that means nothing. Collections happen between two
/// pauses: one at the end of each, because what a step leaves behind are some hundred small objects that each keep feature maps
/// alive. To the collector they are nothing worth looking for, and left to itself it lets gigabytes pile up.
/// </summary>
/// <remarks>
/// More than <see cref="Budget"/> allocated within a pause ends it early, without harm; a pause within a pause is none.
/// </remarks>
internal readonly struct CollectionPause : IDisposable
{
    /// <summary>Managed bytes that may be allocated within one pause.</summary>
    public const long Budget = 64 << 20;

    private readonly bool _ours;

    private CollectionPause(bool ours) => _ours = ours;

    public static CollectionPause Begin()
    {
        if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion) return new(false);
        try
        {
            return new(GC.TryStartNoGCRegion(Budget));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentOutOfRangeException)
        {
            // Begun on another thread meanwhile, or a heap too small for it: work goes on unpaused.
            return new(false);
        }
    }

    public void Dispose()
    {
        if (!_ours || GCSettings.LatencyMode != GCLatencyMode.NoGCRegion) return;
        try
        {
            GC.EndNoGCRegion();
        }
        catch (InvalidOperationException)
        {
            // Ended early, because the budget was used up.
        }
#pragma warning disable RS0030 // the one place: left to itself, the collector lets gigabytes of feature maps pile up (see above)
        GC.Collect(generation: 1, GCCollectionMode.Forced, blocking: true);
#pragma warning restore RS0030
    }
}
