using System.Globalization;
using System.Text;
using Understudy.Common;
using Understudy.Data;

namespace Understudy.Cli;

/// <summary>
/// A <see cref="DataDescription"/> for people: what it is, then what is wrong with it, each with a few examples.
/// </summary>
internal static class DescriptionText
{
    private const int Examples = 5, MostSizes = 8;

    private static readonly (string Key, string Words)[] Adaptations =
    [
        ("sixteen_bit", "of 16 bits: the upper 8 are taken"), ("cmyk", "CMYK: converted to RGB"),
        ("transparent", "transparent in places: laid on black"),
        ("turned", "turned as EXIF orientation says"), ("animated", "of several frames: the first is taken"),
    ];

    public static string Of(DataDescription d)
    {
        var text = new StringBuilder();
        Line(text, $"{d.Source}: {Human.Count(d.Images)} images, {(d.Shape is { } s ? $"{s.Width}×{s.Height} {Colour(s.Channels)}" : "of several sizes or colours")}{(d.Fingerprint is { } f ? $", fingerprint {f[..12]}" : "")}");
        AppendCounts(text, d);
        AppendFiles(text, d);
        if (d.Blank.Count > 0)
            Line(text.AppendLine(), $"Blank images (one level all over): {d.Blank.Count}, such as {d.Blank[0]}");
        if (d.Duplicates is not null) AppendDuplicates(text, d, d.Duplicates);
        if (d.Skipped.Count > 0) Line(text.AppendLine(), $"Left out, because they cannot be read: {d.Skipped.Count}");
        foreach (var file in d.Skipped.Take(Examples)) Line(text, $"  {file.Path} {file.Reason}");
        if (d.Skipped.Count > Examples) Line(text, $"  … and {d.Skipped.Count - Examples} more (--json lists all)");
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void AppendCounts(StringBuilder text, DataDescription d)
    {
        var names = Math.Max(5, d.Classes.Max(c => c.Length));
        int[] widths = [.. d.Parts.Select(p => Math.Max(10, p.Part.Length + 3))];
        text.AppendLine();
        Row("class", p => p.Part, "share");
        for (int k = 0; k < d.Classes.Count; k++)
            Row(d.Classes[k], p => Human.Count(p.PerClass[k]), Percent(d.Parts.Sum(p => p.PerClass[k]), d.Images));
        Row("all", p => Human.Count(p.Images), "");

        void Row(string name, Func<PartDescription, string> cell, string share) =>
            text.AppendLine(
                (name.PadRight(names) + string.Concat(d.Parts.Select((p, i) => cell(p).PadLeft(widths[i]))) + share.PadLeft(10))
                    .TrimEnd());
    }

    private static void AppendFiles(StringBuilder text, DataDescription d)
    {
        if (d.Sizes.Count > 1 || d.Shape is null)
        {
            Line(text.AppendLine(), $"Sizes of the files ({d.Sizes.Count} different)");
            foreach (var s in d.Sizes.Take(MostSizes))
                Line(text, $"  {$"{s.Width}×{s.Height} {Colour(s.Channels)}",-18}{Human.Count(s.Images),10}{Percent(s.Images, d.Images),10}");
            if (d.Sizes.Count > MostSizes)
                Line(text, $"  … and {d.Sizes.Count - MostSizes} more, of {Human.Count(d.Sizes.Skip(MostSizes).Sum(s => s.Images))} files (--json lists all)");
            if (d.Shape is null)
                Line(text, $"  To make one set of them: --size N{(d.Sizes.Any(s => s.Width != s.Height) ? " --crop center (or pad)" : "")}{(d.Sizes.Select(s => s.Channels).Distinct().Count() > 1 ? " --channels 1 (or 3)" : "")}");
        }
        if (d.Adapted.Count + d.Notes.Count > 0) text.AppendLine();
        foreach (var (key, words) in Adaptations.Where(a => d.Adapted.ContainsKey(a.Key)))
            Line(text, $"{Human.Count(d.Adapted[key])} {(d.Adapted[key] == 1 ? "file is" : "files are")} {words}");
        foreach (var note in d.Notes) text.AppendLine(note);
    }

    private static void AppendDuplicates(StringBuilder text, DataDescription all, DuplicatesDescription d)
    {
        var same = all.Parts.Count == 1 ? "images with a copy" : "images with a copy in the same part";
        var rows = d.Copies.Where(c => c.Part != c.Other || c.Near > 0 || all.Parts.Count == 1)
            .Select(c =>
                (Words: c.Part == c.Other ? $"{c.Part}: {same}" : $"{c.Part}: images with a copy in {c.Other}", Copies: c))
                    .ToList();
        var width = rows.Select(r => r.Words.Length).DefaultIfEmpty(0).Max() + 2;
        Line(text.AppendLine(), $"{"Copies".PadRight(width)}  {"exact",15}{"exact or near",19}");
        foreach (var (words, c) in rows)
            Line(text, $"  {words.PadRight(width)}{Human.Count(c.Exact),7}{Percent(c.Exact, c.ExactShare),8}{Human.Count(c.Near),11}{Percent(c.Near, c.NearShare),8}");
        Line(text, $"  Near: correlation of {d.Threshold} or more at {Duplicates.ComparedSide}×{Duplicates.ComparedSide} pixels, mirrored or not{(all.ComparedAt is { } side ? $"; exact: equal at {side}×{side}, since sizes or colours differ" : "")}.");
        Line(text, $"  {Human.Count(d.Clusters, "group")} of copies, the largest of {Human.Count(d.LargestCluster, "image")}; {Human.Count(d.Redundant, "image")} could go without losing a picture.");
        Line(text.AppendLine(), $"Conflicting labels: {Human.Count(d.Conflicts.Count, "picture")} under more than one class; {Human.Count(d.ConflictingNearPairs, "pair")} of near copies of different classes");
        foreach (var c in d.Conflicts.Take(Examples))
            text.AppendLine("  " + string.Join(", ", c.Ids.Zip(c.Labels, (id, label) => $"{id} ({label})")));
        if (d.Conflicts.Count > Examples)
            Line(text, $"  … and {Human.Count(d.Conflicts.Count - Examples)} more (--json lists all)");
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.AppendLine(line.ToString(CultureInfo.InvariantCulture));

    private static string Percent(int count, int of) => Percent(count, of == 0 ? 0 : (double)count / of);

    private static string Percent(int count, double share) =>
        count == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");

    private static string Colour(int channels) => channels == 1 ? "grey" : "RGB";
}
