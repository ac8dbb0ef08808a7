namespace Understudy.Reporting;

/// <summary>The table that the study on FER2013 was proposed to explain, to stand beside our own numbers.</summary>
public static class ProposalNumbers
{
    private const string Macro = "macro averages, PrivateTest (3,589 images)", Weighted = "weighted averages, both test parts (7,178 images)";

    public static IReadOnlyList<ReferenceRow> Rows { get; } =
    [
        new("real, ResNet50", .4553, .3919, .7949, .4145, .3894, Macro),
        new("synthetic 32×32 (4032 kimg), ResNet50", .2354, .1881, .6348, .2120, .2242, Macro),
        new("synthetic 64×64 (4216 kimg), ResNet50", .2940, .2342, .6432, .2326, .2588, Macro),
        new("real, CNN", .61, .61, .88, .62, .61, Weighted),
        new("synthetic 64×64, CNN", .29, .30, .68, .40, .29, Weighted),
        new("synthetic 64×64 doubled, CNN", .15, .16, .50, .17, .15, Weighted),
    ];
}
