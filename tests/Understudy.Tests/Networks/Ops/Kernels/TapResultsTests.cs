using Understudy.Networks.Ops.Kernels;

namespace Understudy.Tests.Networks.Ops.Kernels;

public sealed class TapResultsTests
{
    [Theory]
    [InlineData(7, 3, 1, 1)]
    [InlineData(8, 5, 2, 2)]
    [InlineData(1, 5, 1, 2)]
    [InlineData(2, 5, 2, 2)]
    [InlineData(9, 3, 2, 0)]
    public void Of_EveryTap_IsTheResultsWhoseSourceLiesInTheImage(int sources, int kernel, int stride, int padding)
    {
        var results = (sources + 2 * padding - kernel) / stride + 1;
        var taps = TapResults.Of(TapRange.Forward(results, sources, kernel, stride, padding), kernel);
        for (int k = 0; k < kernel; k++)
        {
            var met = Enumerable.Range(0, results).Where(o => o * stride + k - padding is var s && s >= 0 && s < sources)
                .ToArray();
            Assert.Equal(met, Enumerable.Range(taps[k].First, taps[k].Count));
            if (met.Length > 0) Assert.Equal(met[0] * stride + k - padding, taps[k].Source);
        }
    }
}
