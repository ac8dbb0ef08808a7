using Understudy.Training;
using Understudy.Training.Phases;

namespace Understudy.Tests.Training.Phases;

public sealed class ConditioningTests
{
    /// <summary>Class 0 makes up .6 of the data, 1 .3, 2 .1: beside a 1, others are 0 in 6 of 7 cases.</summary>
    private static readonly int[] s_labels = [.. Enumerable.Range(0, 1000).Select(i => i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2)];

    private static readonly Conditioning s_conditioning = new(s_labels, 3, 3, FakeLabels.Data, new Keys(5));

    [Fact]
    public void DrawOthers_EveryLabel_GetsAnotherAsFrequentAsInTheData()
    {
        var ones = Enumerable.Repeat(1, 7000).ToArray();
        var others = s_conditioning.DrawOthers("mismatch", 3, ones);
        Assert.DoesNotContain(1, others);
        Assert.InRange(others.Count(o => o == 0), 5850, 6150);          // 6000 expected, standard deviation 29
        Assert.Equal(others, s_conditioning.DrawOthers("mismatch", 3, ones));
        Assert.NotEqual(others, s_conditioning.DrawOthers("mismatch", 4, ones));
    }

    /// <summary>Of 6,000 fakes: the data's shares, or a third each; standard deviations of 23 to 38.</summary>
    [Theory]
    [InlineData(false, 3600, 1800, 600)]
    [InlineData(true, 2000, 2000, 2000)]
    public void Draw_EitherKind_HasItsShares(bool balanced, params int[] expected)
    {
        var conditioning = new Conditioning(s_labels, 3, 3, balanced ? FakeLabels.Balanced : FakeLabels.Data, new Keys(5));
        var drawn = conditioning.Draw("g", 2, 6000);
        for (int k = 0; k < 3; k++) Assert.InRange(drawn.Count(l => l == k), expected[k] - 150, expected[k] + 150);
        Assert.Equal(drawn, conditioning.Draw("g", 2, 6000));
        Assert.NotEqual(drawn, conditioning.Draw("d", 2, 6000));
        Assert.NotEqual(drawn, conditioning.Draw("g", 3, 6000));
    }

    [Fact]
    public void DrawOthers_OfOneClass_SaysSo()
    {
        var one = new Conditioning([1, 1], 3, 3, FakeLabels.Data, new Keys(5));
        Assert.Throws<InvalidOperationException>(() => one.DrawOthers("mismatch", 0, [1]));
    }

    /// <summary>Class 1 has no image.</summary>
    [Fact]
    public void Draw_BalancedWithAClassWithoutImages_AsksForTheOthersEquallyOften()
    {
        var labels = new Conditioning([0, 0, 0, 2], 3, 3, FakeLabels.Balanced, new Keys(5)).Draw("g", 3, 10_000);
        Assert.DoesNotContain(1, labels);
        Assert.InRange(labels.Count(l => l == 2), 4750, 5250);          // 5000 expected, standard deviation 50
    }

    [Fact]
    public void Draw_BalancedWithImagesOfAll_IsWhatItWas()
    {
        var random = new Keys(5).Random("gan/labels/g", 3);
        Assert.Equal(Enumerable.Range(0, 100).Select(_ => random.Next(3)),
            new Conditioning(s_labels, 3, 3, FakeLabels.Balanced, new Keys(5)).Draw("g", 3, 100));
    }
}
