namespace Understudy.Networks.Ops.Kernels;

/// <summary>
/// Along one axis, the results of a convolution that one tap had a part in: <c>Count</c> of them, from a first one on. The first
/// met the input's number <c>Source</c>, and each of the next one a stride further.
/// </summary>
internal readonly record struct TapResults(int First, int Source, int Count)
{
    /// <summary>For each tap of the kernel.</summary>
    /// <param name="forward">The taps of each result: <see cref="TapRange.Forward"/>.</param>
    public static TapResults[] Of(TapRange[] forward, int kernel)
    {
        var results = new TapResults[kernel];
        for (int o = 0; o < forward.Length; o++)
        {
            var range = forward[o];
            for (int tap = range.Tap; tap < range.Tap + range.Count; tap++)
            {
                results[tap] = results[tap] is { Count: > 0 } before ? before with { Count = before.Count + 1 }
                    : new(o, range.Source + tap - range.Tap, 1);
            }
        }
        return results;
    }
}
