using Understudy.Data;
using Understudy.Training.Classification;

namespace Understudy.Tests.Training.Classification;

public sealed class RowWeightsTests
{
    private static readonly ClassNames s_two = new(["owl", "crow"]);

    private static Selection Of(ClassNames classes, params (int Label, double Weight, float[]? Soft)[] rows) =>
        new(classes, [.. rows.Select((r, i) => new SelectedImage("set", $"{i}", r.Label, r.Weight, "", r.Soft))]);

    /// <summary>Shares ¾ and ¼; to the power −1, 4/3 and 4, of mean 2.</summary>
    [Fact]
    public void Of_ThreeOfOneClassAndOneOfAnother_WeighsBothClassesAlike()
    {
        var selection = Of(s_two, (0, 1, null), (0, 1, null), (0, 1, null), (1, 1, null));
        Assert.Equal([.75, .25], ClassShares.Of(selection));
        Assert.Equal([2 / 3f, 2 / 3f, 2 / 3f, 2], RowWeights.Of(selection, 1));
        Assert.Equal([1f, 1, 1, 1], RowWeights.Of(selection, 0));
        // To the power −½, 1.1547 and 2, of mean 1.3660.
        var half = RowWeights.Of(selection, .5);
        Assert.Equal(1.732051, half[3] / half[0], 1e-6);
        Assert.Equal(4, half.Sum(), 1e-6);
    }

    /// <summary>
    /// Masses 2 + 4 + ½ + ½ and 1, of 8: shares ⅞ and ⅛, factors 8/7 and 8; a soft row lies halfway, at four times 8/7.
    /// </summary>
    [Fact]
    public void Of_RowWeightsAndSoftRows_CountByTheirMass()
    {
        (int, double, float[]?) light = (0, .5, null), full = (0, 1, null), soft = (0, 1, [.5f, .5f]);
        var selection = Of(s_two, light, light, light, light, full, full, full, full, soft, soft);
        Assert.Equal([.875, .125], ClassShares.Of(selection));
        var weights = RowWeights.Of(selection, 1);
        Assert.Equal(.5, weights[0] / weights[4], 1e-6);
        Assert.Equal(4, weights[8] / weights[4], 1e-6);
        Assert.Equal(10, weights.Sum(), 1e-5);
    }

    /// <summary>Nothing is divided by 0: a class without an image counts as one image.</summary>
    [Fact]
    public void Shares_ClassWithoutImages_CountsAsOneImage() =>
        Assert.Equal([1, .25], ClassShares.Of(Of(s_two, (0, 1, null), (0, 1, null), (0, 1, null), (0, 1, null))));
}
