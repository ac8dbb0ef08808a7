using System.Globalization;
using Understudy.Common;

namespace Understudy.Data;

/// <summary>One row of a selection: an image of a source, with the label it is to be taught as.</summary>
/// <param name="Source">The name of the image set the id is from ("real", "synthetic").</param>
/// <param name="Label">The class taught: the set's own, or another where a row is relabelled.</param>
/// <param name="Soft">One probability per class, summing to 1, in place of the label; or null.</param>
/// <param name="Weight">Weight in the loss, above 0.</param>
/// <param name="Reason">Why the row is here or changed: "kept", "shuffled", "relabelled from sad".</param>
public sealed record SelectedImage(string Source, string Id, int Label, double Weight = 1, string Reason = "",
    float[]? Soft = null);

/// <summary>
/// A view over image sets: which images a classifier is taught, with which labels and weights. Curation, mixing, relabelling
/// and soft labels all write one; pixels stay where they are.
/// </summary>
public sealed class Selection
{
    private static readonly string[] Fixed = ["source", "id", "label", "weight", "reason"];

    /// <exception cref="OptionException">
    /// A label that is no class, a weight that is not above 0, or numbers that are no probabilities; the image is named.
    /// </exception>
    public Selection(ClassNames classes, IReadOnlyList<SelectedImage> rows)
    {
        (Classes, Rows) = (classes, rows);
        foreach (var row in rows)
        {
            if (Fault(row, classes) is { } fault) throw new OptionException($"selection: image '{row.Id}' {fault}");
        }
    }

    public ClassNames Classes { get; }

    public IReadOnlyList<SelectedImage> Rows { get; }

    /// <summary>All images of a set, or those at <paramref name="indices"/>, with their own labels.</summary>
    public static Selection Of(string source, ImageSet set, IEnumerable<int>? indices = null, string reason = "") =>
        new(set.Classes,
        [.. (indices ?? Enumerable.Range(0, set.Count))
            .Select(i => new SelectedImage(source, set.Ids[i], set.Labels[i], 1, reason))]);

    /// <summary>
    /// CSV: source, id, label (a class name), weight, reason, then one probability column per class where any row is soft.
    /// </summary>
    public void Save(string path)
    {
        var soft = Rows.Any(r => r.Soft is not null);
        AtomicFile.Write(path, stream =>
        {
            using var w = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            w.Write(Csv.Row([.. Fixed, .. soft ? Classes.Select(c => "p:" + c) : []]));
            foreach (var r in Rows)
            {
                w.Write(Csv.Row([r.Source, r.Id, Classes[r.Label], r.Weight.ToString("R", CultureInfo.InvariantCulture), r.Reason,
                    .. soft ? Probabilities(r).Select(p => p.ToString("R", CultureInfo.InvariantCulture)) : []]));
            }
        });
    }

    /// <exception cref="InvalidDataException">Another header, an unknown class, a weight or probability out of range; the line is
    /// named.</exception>
    public static Selection Load(string path, ClassNames classes)
    {
        using var reader = File.OpenText(path);
        var rows = new List<SelectedImage>();
        bool? soft = null;
        foreach (var (line, f) in Csv.Read(reader, path))
        {
            if (soft is null)
            {
                soft = f.SequenceEqual([.. Fixed, .. classes.Select(c => "p:" + c)]);
                if (!soft.Value && !f.SequenceEqual(Fixed))
                    throw new InvalidDataException($"{path}:{line}: the header must be {string.Join(',', Fixed)}, then p:<class> "
                        + $"for each of: {classes}");
                continue;
            }
            var label = f.Length == Fixed.Length + (soft.Value ? classes.Count : 0) ? classes.IndexOf(f[2]) : -1;
            if (label < 0 || !Parse(f[3], out var weight))
                throw new InvalidDataException($"{path}:{line}: '{Human.Short(string.Join(',', f))}' needs {Fixed.Length} "
                    + $"fields, a class of [{classes}] and a weight above 0");
            rows.Add(new(f[0], f[1], label, weight, f[4],
                soft.Value ? [.. f.Skip(Fixed.Length).Select(p => Probability(p, path, line))] : null));
            if (Fault(rows[^1], classes) is { } fault)
                throw new InvalidDataException($"{path}:{line}: image '{Human.Short(f[1])}' {fault}");
        }
        return soft is null ? throw new InvalidDataException($"{path}: is empty") : new(classes, rows);
    }

    /// <summary>What makes a row nothing to learn from, or null.</summary>
    private static string? Fault(SelectedImage row, ClassNames classes)
    {
        if ((uint)row.Label >= (uint)classes.Count) return $"has label {row.Label}; the classes are 0 to {classes.Count - 1}";
        if (!(row.Weight > 0 && double.IsFinite(row.Weight)))
            return FormattableString.Invariant($"has weight {row.Weight}; give a number above 0");
        if (row.Soft is not { } soft) return null;
        var (sum, negative) = (soft.Sum(), soft.Any(p => p < 0));
        if (soft.Length == classes.Count && !negative && Math.Abs(sum - 1) < .01) return null;
        return FormattableString.Invariant($"has {soft.Length} probabilities of sum {sum:0.###}")
            + $"{(negative ? ", some of them below 0" : "")}; give one per class ({classes.Count}), together 1";
    }

    private IEnumerable<float> Probabilities(SelectedImage row) => row.Soft ?? Classes.Select((_, k) => k == row.Label ? 1f : 0f);

    private static float Probability(string text, string path, int line) => Parse(text, out var p) && p is >= 0 and <= 1
        ? (float)p : throw new InvalidDataException($"{path}:{line}: '{Human.Short(text)}' is not a probability between 0 and 1");

    private static bool Parse(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
