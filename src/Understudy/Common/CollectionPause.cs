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
/// More than <see cref="Budget"/> allocated within a pause ends it early. Of pauses that are open at once, one within another or
/// on several threads, the last to end ends them all: threads whose steps overlap without end are never collected after.
/// </remarks>
internal readonly struct CollectionPause : IDisposable
{
    /// <summary>Managed bytes that may be allocated within one pause.</summary>
    public const long Budget = 64 << 20;

    private static readonly Lock Gate = new();
    private static int s_open;
    private static bool s_ours;

    private readonly bool _counted;

    private CollectionPause(bool counted) => _counted = counted;

    public static CollectionPause Begin()
    {
        lock (Gate)
        {
            if (s_open++ == 0) s_ours = TryHold();
        }
        return new(true);
    }

    /// <summary>
    /// The last of those that are open at once ends them all: another thread's tensors may be at work until then.
    /// </summary>
    public void Dispose()
    {
        if (!_counted) return;
        lock (Gate)
        {
            if (--s_open > 0 || !s_ours) return;
            s_ours = false;
            LetGo();
        }
    }

    private static bool TryHold()
    {
        if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion) return false;
        try
        {
            return GC.TryStartNoGCRegion(Budget);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentOutOfRangeException)
        {
            // Begun by the program that uses the library, or a heap too small for it: work goes on unpaused.
            return false;
        }
    }

    private static void LetGo()
    {
        if (GCSettings.LatencyMode != GCLatencyMode.NoGCRegion) return;
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
