using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Reporting;

namespace Understudy.Cli.Verbs;

/// <summary>The other ways in which <c>evaluate</c> scores predictions, from the files it was given.</summary>
/// <param name="Clusters">Tested image → its cluster of copies, where the data set was looked through.</param>
internal sealed record EvaluateScorings(IReadOnlyList<Rescoring> Ways, IReadOnlyDictionary<string, string>? Clusters)
{
    private const string Tested = "tested";

    /// <param name="ids">The tested images.</param>
    /// <param name="reading">How the images of <paramref name="data"/> are read.</param>
    /// <exception cref="OptionException">Two ways to say which images are copies.</exception>
    /// <exception cref="InvalidDataException">A file that cannot be read, or is of other images.</exception>
    public static EvaluateScorings Of(IReadOnlyList<string> ids, IReadOnlyList<string> classes, string? data,
        ImageReading reading, double threshold, string? exclude, string? ferplus, VoteRule votes, ProgressSink progress)
    {
        if (data is not null && exclude is not null)
            throw new OptionException("--data, --exclude: each says which images are left out; give one of them");
        var found = data is null ? null : Look(ids, data, reading, threshold, progress);
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(data ?? ""));
        Rescoring? without = found is not null
            ? Rescorings.WithoutCopies(found.Reasons, $"among the other images of {name}", threshold)
            : exclude is not null
            ? new("without excluded", $"Left out: the images of {Path.GetFileName(exclude)}.", Listed(ids, exclude)) : null;
        Rescoring? relabelled = null;
        if (ferplus is not null)
        {
            var (labels, left) = FerPlusVotes.Load(ferplus).Label(ids, classes, votes);
            relabelled = Rescorings.ByVotes(labels, left, votes == VoteRule.Majority);
        }
        return new([.. new[] { without, relabelled, without is null ? null : relabelled?.And(without) }.OfType<Rescoring>()],
            found?.Clusters);
    }

    /// <summary>Copies of tested images among the others; a test part's images that were not tested take no part.</summary>
    private static Copies Look(IReadOnlyList<string> ids, string data, ImageReading reading, double threshold,
        ProgressSink progress)
    {
        var set = ImageSources.Read(data, reading, progress);
        var join = new FileNameJoin(set.Ids, ids);
        if (join.Unused.Count > 0)
        {
            throw new InvalidDataException(
                $"{data}: holds no image '{ids[join.Unused[0]]}' of the predictions ({join.Unused.Count} of {ids.Count} are missing)");
        }
        var roles = join.Rows.Select((row, i) =>
            row >= 0 ? Tested : set.Parts?[i] is not { } part ? "others" : part == Parts.Test ? "" : part).ToArray();
        var copies = Copies.Find(set, roles, Tested, threshold, progress);
        var named = join.Rows.Index().Where(r => r.Item >= 0)
            .ToDictionary(r => set.Ids[r.Index], r => ids[r.Item], StringComparer.Ordinal);
        return new(copies.Reasons.ToDictionary(r => named[r.Key], r => r.Value, StringComparer.Ordinal),
            copies.Clusters.ToDictionary(r => named[r.Key], r => r.Value, StringComparer.Ordinal));
    }

    private static Dictionary<string, string> Listed(IReadOnlyList<string> ids, string path)
    {
        var rows = IdTable.Read(path, "reason", "listed").ToArray();
        var join = new FileNameJoin(ids, [.. rows.Select(r => r.Key)]);
        if (rows.Length > 0 && join.Rows.All(r => r < 0))
            throw new InvalidDataException(
                $"{path}: names none of the predictions' images; its first is '{rows[0].Key}', theirs '{ids[0]}'");
        return join.Rows.Index().Where(r => r.Item >= 0)
            .ToDictionary(r => ids[r.Index], r => rows[r.Item].Value, StringComparer.Ordinal);
    }
}
