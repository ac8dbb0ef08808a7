namespace Understudy.Networks.Ops.Kernels;

/// <summary>
/// Along one axis, the taps of a convolution that meet a source number from one of its results: <c>Count</c> of them, from a
/// first tap and a first source on. The next is one tap step and one source step further.
/// </summary>
internal readonly record struct TapRange(int Tap, int Source, int Count)
{
    /// <summary>From each result of a convolution, over its input; both steps are 1.</summary>
    /// <param name="results">Size of the result.</param>
    /// <param name="sources">Size of the input.</param>
    public static TapRange[] Forward(int results, int sources, int kernel, int stride, int padding)
    {
        var reach = new TapRange[results];
        for (int o = 0; o < results; o++)
        {
            int start = o * stride - padding, first = Math.Max(0, -start), last = Math.Min(kernel - 1, sources - 1 - start);
            reach[o] = new(first, start + first, Math.Max(0, last - first + 1));
        }
        return reach;
    }

    /// <summary>From each input of a convolution, over its results: the tap step is the stride, the source step −1.</summary>
    /// <param name="results">Size of the input.</param>
    /// <param name="sources">Size of the convolution's result.</param>
    public static TapRange[] Adjoint(int results, int sources, int kernel, int stride, int padding)
    {
        var reach = new TapRange[results];
        for (int i = 0; i < results; i++)
        {
            // Result s was made of input i by tap i + padding − s · stride.
            int at = i + padding, furthest = Math.Min(sources - 1, at / stride), first = at - furthest * stride;
            reach[i] = new(first, furthest, first >= kernel ? 0 : Math.Min(furthest, (kernel - 1 - first) / stride) + 1);
        }
        return reach;
    }
}
