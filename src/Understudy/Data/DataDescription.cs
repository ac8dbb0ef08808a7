using Understudy.Common;

namespace Understudy.Data;

/// <summary>
/// How many images a part holds, in all and of each class (in class order). A set without parts is one part, "all".
/// </summary>
public sealed record PartDescription(string Part, int Images, IReadOnlyList<int> PerClass);

/// <summary>
/// Images of <paramref name="Part"/> that have a copy in <paramref name="Other"/> (another image of the same part, where the two
/// are one).
/// </summary>
public sealed record CopiesDescription(string Part, string Other, int Exact, double ExactShare, int Near, double NearShare);

/// <summary>One picture under several labels: ids and class names, side by side.</summary>
public sealed record ConflictDescription(IReadOnlyList<string> Ids, IReadOnlyList<string> Labels);

/// <summary>What <see cref="Duplicates"/> says of a set.</summary>
/// <param name="Redundant">Exact copies beyond the first of each.</param>
/// <param name="Copies">For every two parts; near copies include the exact ones.</param>
/// <param name="ConflictingNearPairs">Pairs of near copies that differ in pixels and in label.</param>
public sealed record DuplicatesDescription(double Threshold, int Redundant, long Pairs, int Clusters, int LargestCluster,
    IReadOnlyList<CopiesDescription> Copies, IReadOnlyList<ConflictDescription> Conflicts, int ConflictingNearPairs);

/// <summary>What a set is and what is wrong with it: the content of <c>understudy data describe</c>.</summary>
/// <param name="Fingerprint">Of the set, or null where the files' shapes differ and no size was asked for, so that there is none
/// yet.</param>
/// <param name="Shape">Channels, height and width of every image; null likewise.</param>
/// <param name="ComparedAt">Pixels a side to which images of several shapes were squeezed to be compared; null where they were
/// compared as they are.</param>
/// <param name="Sizes">The files' own sizes, the most frequent first.</param>
/// <param name="Adapted">What was done to how many files so that they are 8-bit grey or RGB: "sixteen_bit", "cmyk",
/// "transparent", "turned", "animated".</param>
/// <param name="Blank">Ids of images of one level all over.</param>
/// <param name="Duplicates">Null where duplicates were not looked for.</param>
/// <param name="Notes">What else was met: files that are no images, empty class folders.</param>
public sealed record DataDescription(string Source, string? Fingerprint, int Images, ImageShape? Shape, int? ComparedAt,
    IReadOnlyList<SizeCount> Sizes, IReadOnlyDictionary<string, int> Adapted, IReadOnlyList<string> Classes,
    IReadOnlyList<PartDescription> Parts,
    IReadOnlyList<string> Blank, DuplicatesDescription? Duplicates, IReadOnlyList<SkippedFile> Skipped,
    IReadOnlyList<string> Notes)
{
    /// <param name="report">What <see cref="Data.Duplicates.Find"/> found in the survey's set, or null.</param>
    internal static DataDescription Of(string source, ImageSurvey survey, DuplicateReport? report)
    {
        var set = survey.Set;
        string[] parts = set.Parts is null ? [DuplicateReport.Whole] : [.. set.Parts.Distinct(StringComparer.Ordinal)];
        return new(source, survey.Squeezed ? null : set.Fingerprint, set.Count, survey.Squeezed ? null : set.Shape,
            survey.Squeezed ? set.Shape.Height : null,
            survey.Sizes, survey.Traits.OrderBy(t => t.Key).ToDictionary(t => t.Key.Word(), t => t.Value), [.. set.Classes],
            [.. parts.Select(p => Part(set, p))], report is null ? [] : [.. report.Blank.Select(i => set.Ids[i])],
            report is null ? null : Describe(set, report, parts), survey.Skipped, survey.Notes);
    }

    private static bool In(ImageSet set, int image, string part) => set.Parts is null || set.Parts[image] == part;

    private static PartDescription Part(ImageSet set, string part)
    {
        var counts = new int[set.Classes.Count];
        for (int i = 0; i < set.Count; i++)
        {
            if (In(set, i, part)) counts[set.Labels[i]]++;
        }
        return new(part, counts.Sum(), counts);
    }

    private static DuplicatesDescription Describe(ImageSet set, DuplicateReport r, string[] parts)
    {
        var copies = parts.SelectMany(p => parts, (part, other) =>
        {
            int exact = r.CountAcross(set, part, other, exact: true), near = r.CountAcross(set, part, other, exact: false);
            double n = Enumerable.Range(0, set.Count).Count(i => In(set, i, part));
            return new CopiesDescription(part, other, exact, exact / n, near, near / n);
        });
        return new(r.Threshold, r.Redundant, r.PairCount, r.Clusters.Count,
            r.Clusters.Select(c => c.Length).DefaultIfEmpty(0).Max(), [.. copies],
            [.. r.Conflicts(set)
                .Select(c =>
                    new ConflictDescription([.. c.Select(i => set.Ids[i])], [.. c.Select(i => set.Classes[set.Labels[i]])]))],
            r.Pairs.Count(p => !p.Exact && set.Labels[p.A] != set.Labels[p.B]));
    }
}
