using System.Globalization;
using System.Text;
using Understudy.Data;

namespace Understudy.Cli;

/// <summary>A <see cref="DataDescription"/> for people.</summary>
internal static class DescriptionText
{
    private const int Examples = 5;

    public static string Of(DataDescription d)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{d.Source}: {d.Images} images, {d.Width}×{d.Height}, {(d.Channels == 1 ? "grey" : "RGB")}, fingerprint {d.Fingerprint[..12]}");
        text.AppendLine();
        AppendCounts(text, d);
        if (d.Blank.Count > 0) text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Blank images (one level all over): {d.Blank.Count}, such as {d.Blank[0]}");
        if (d.Duplicates is not null) AppendDuplicates(text, d.Duplicates);
        if (d.Skipped.Count > 0) text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Skipped files: {d.Skipped.Count}");
        foreach (var s in d.Skipped.Take(Examples)) text.AppendLine(CultureInfo.InvariantCulture, $"  {s.Path} {s.Reason}");
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void AppendCounts(StringBuilder text, DataDescription d)
    {
        var width = Math.Max(5, d.Classes.Max(c => c.Length));
        text.AppendLine("class".PadRight(width) + string.Concat(d.Parts.Select(p => p.Part.PadLeft(10))));
        for (int k = 0; k < d.Classes.Count; k++)
            text.AppendLine(d.Classes[k].PadRight(width) + string.Concat(d.Parts.Select(p => p.PerClass[k].ToString(CultureInfo.InvariantCulture).PadLeft(10))));
        text.AppendLine("all".PadRight(width) + string.Concat(d.Parts.Select(p => p.Images.ToString(CultureInfo.InvariantCulture).PadLeft(10))));
    }

    private static void AppendDuplicates(StringBuilder text, DuplicatesDescription d)
    {
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Copies (near: correlation of at least {d.Threshold} at 16×16, mirrored ones too; exact ones are near ones)");
        foreach (var c in d.Copies)
        {
            var where = c.Part == c.Other ? $"{c.Part} images with a copy in {c.Other}" : $"{c.Part} images that are in {c.Other} too";
            text.AppendLine(CultureInfo.InvariantCulture, $"  {where,-40} exact {c.Exact,6} ({100 * c.ExactShare,4:0.0} %)   near {c.Near,6} ({100 * c.NearShare,4:0.0} %)");
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"  {d.Clusters} clusters, the largest of {d.LargestCluster}; {d.Redundant} images are redundant exact copies");
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Conflicting labels: {d.Conflicts.Count} pictures stand under more than one class; {d.ConflictingNearPairs} pairs of near copies differ in class");
        foreach (var c in d.Conflicts.Take(Examples))
            text.AppendLine("  " + string.Join(", ", c.Ids.Zip(c.Labels, (id, label) => id.Contains(label, StringComparison.Ordinal) ? id : $"{id} ({label})")));
        if (d.Conflicts.Count > Examples) text.AppendLine(CultureInfo.InvariantCulture, $"  … and {d.Conflicts.Count - Examples} more (--json lists all)");
    }
}
