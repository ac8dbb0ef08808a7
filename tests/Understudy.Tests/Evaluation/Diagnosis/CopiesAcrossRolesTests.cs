using Understudy.Evaluation.Diagnosis;

namespace Understudy.Tests.Evaluation.Diagnosis;

public sealed class CopiesAcrossRolesTests
{
    /// <summary>FER2013's own numbers: one near pair in six differs in class.</summary>
    private static readonly Likeness Fer = new(1834, 318, .83);

    /// <summary>Drawn faces that are all alike: near pairs differ in class about half as often as any two images.</summary>
    private static readonly Likeness Alike = new(30762, 14080, .857);

    [Theory]
    [InlineData(0, 0, Severity.Fine)]
    [InlineData(0, 71, Severity.Fine)]
    [InlineData(0, 72, Severity.Warning)]
    [InlineData(1, 1, Severity.Warning)]
    [InlineData(279, 500, Severity.Warning)]
    [InlineData(718, 718, Severity.Fault)]
    [InlineData(0, 1795, Severity.Fault)]
    public void Check_ImagesWithCopies_WeighsTheirShare(int exact, int near, Severity expected) =>
        Assert.Equal(expected, CopiesAcrossRoles.Check("test", "train", 3589, exact, near, Fer).Severity);

    [Fact]
    public void Check_Fer2013_SaysWhatItHas()
    {
        var finding = CopiesAcrossRoles.Check("test", "train", 3589, 279, 500, Fer);

        Assert.Equal(
            "279 of 3589 test images (7.8 %) are exact copies of train images; 500 (13.9 %) are near copies, exact ones counted.", finding.Message);
        Assert.NotEmpty(finding.Cure);
    }

    [Fact]
    public void Check_SetWhoseImagesAreAllAlike_LeavesItOpenUnlessPixelsAreEqual()
    {
        Assert.Equal(Severity.Inconclusive, CopiesAcrossRoles.Check("test", "train", 2002, 0, 1231, Alike).Severity);
        Assert.Equal(Severity.Warning, CopiesAcrossRoles.Check("test", "train", 2002, 3, 1231, Alike).Severity);
    }

    [Fact]
    public void Likeness_FewPairs_SaysNothing()
    {
        Assert.False(new Likeness(19, 19, .8).IsOfTheWholeSet);
        Assert.True(new Likeness(20, 20, .8).IsOfTheWholeSet);
        Assert.False(Fer.IsOfTheWholeSet);
    }

    [Fact]
    public void Check_NoImage_IsInconclusive() =>
        Assert.Equal(Severity.Inconclusive, CopiesAcrossRoles.Check("test", "train", 0, 0, 0, Fer).Severity);
}
