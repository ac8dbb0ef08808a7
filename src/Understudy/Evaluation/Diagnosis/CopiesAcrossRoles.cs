using static System.FormattableString;

namespace Understudy.Evaluation.Diagnosis;

/// <summary>How alike a whole set is: what near copies in it can tell.</summary>
/// <param name="NearPairs">Pairs of near copies that differ in pixels, wherever they lie.</param>
/// <param name="Differing">Those of them whose labels differ.</param>
/// <param name="DifferingByChance">The share of any two images whose labels differ: 1 − Σ pₖ².</param>
public readonly record struct Likeness(long NearPairs, long Differing, double DifferingByChance)
{
    /// <summary>Fewer pairs than this say nothing.</summary>
    private const int FewestPairs = 20;

    /// <summary>
    /// Copies of a picture keep its label, but for mistakes; images that are merely alike do not. Where near pairs differ in
    /// label at more than a third of the rate of chance, they are no sign of copies.
    /// </summary>
    public bool IsOfTheWholeSet => NearPairs >= FewestPairs && Differing > DifferingByChance / 3 * NearPairs;
}

/// <summary>Are pictures that something is measured or chosen on also among those that something is trained on?</summary>
public static class CopiesAcrossRoles
{
    public const string Detector = "duplicates-across-roles";

    /// <summary>Near copies alone are told from this share on; a few come about by themselves.</summary>
    public const double LeastNear = .02;

    /// <summary>A fault when this share of the images are exact copies: then the number is largely one of memory.</summary>
    public const double MostlyExact = .2;

    /// <summary>A fault when this share are near copies.</summary>
    public const double MostlyNear = .5;

    /// <param name="role">The role examined, in the message's words: "test".</param>
    /// <param name="other">The role that holds copies.</param>
    /// <param name="images">Images with the role <paramref name="role"/>.</param>
    /// <param name="exact">Those of them whose very pixels <paramref name="other"/> holds too.</param>
    /// <param name="near">Those of them with a near copy there, exact ones counted.</param>
    public static Finding Check(string role, string other, int images, int exact, int near, Likeness set)
    {
        double n = Math.Max(1, images), exactShare = exact / n, nearShare = near / n;
        Evidence[] evidence = [new("images", images), new("exact", exact), new("exact-share", exactShare), new("near", near),
            new("near-share", nearShare),
            new("near-pairs-in-the-set", set.NearPairs), new("near-pairs-that-differ-in-class", set.Differing)];
        if (images == 0) return new(Detector, Severity.Inconclusive, $"No image has the role {role}.", evidence, "");
        var counts = Invariant(
            $"{exact} of {images} {role} images ({exactShare:0.0 %}) are exact copies of {other} images; {near} ({nearShare:0.0 %}) are near copies, exact ones counted");
        var alike = set.IsOfTheWholeSet;
        var tellsNear = nearShare >= LeastNear && !alike;
        if (exact > 0 || tellsNear)
        {
            var worst = exactShare >= MostlyExact || (nearShare >= MostlyNear && !alike);
            return new(Detector, worst ? Severity.Fault : Severity.Warning, counts + ".", evidence,
                $"Report numbers on the {role} images without copies beside those on all; or split anew with copies kept "
                + "together (understudy data split does).");
        }
        return nearShare >= LeastNear
            ? new(Detector, Severity.Inconclusive,
                counts + Invariant(
                    $". But {set.Differing / (double)set.NearPairs:0 %} of all near pairs differ in class, where chance gives {set.DifferingByChance:0 %}: the images of this set are alike, whether copied or not."),
                evidence, "")
            : new(Detector, Severity.Fine,
                near == 0 ? $"No {role} image is a copy of a {other} image."
                    : counts + ": no more than come about by themselves.", evidence, "");
    }
}
