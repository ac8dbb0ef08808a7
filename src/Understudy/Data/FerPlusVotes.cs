using Understudy.Common;

namespace Understudy.Data;

/// <summary>How many votes make a label.</summary>
public enum VoteRule
{
    /// <summary>More than half of them.</summary>
    Majority,
    /// <summary>More than for any other answer.</summary>
    Plurality,
}

/// <summary>
/// The votes of FER+ (Barsoum et al., arXiv 1608.01041): ten people's answers for every image of FER2013, as a CSV with a column
/// <c>file</c> and one for each of neutral, happiness, surprise, sadness, anger, disgust, fear, contempt, unknown and NF (no
/// face).
/// </summary>
public sealed class FerPlusVotes
{
    /// <summary>Why an image has no label.</summary>
    public const string NoMajority = "no answer has more than half of the votes", Tie = "no answer has most votes",
        Unvoted = "no votes for this image";

    /// <summary>FER+'s names, and what data sets call the same expressions.</summary>
    private static readonly (string Vote, string[] Names)[] Known =
    [
        ("neutral", ["neutral"]), ("happiness", ["happy", "happiness"]), ("surprise", ["surprise", "surprised"]),
        ("sadness", ["sad", "sadness"]),
        ("anger", ["angry", "anger"]), ("disgust", ["disgust", "disgusted"]), ("fear", ["fear", "fearful"]),
        ("contempt", ["contempt"]),
        ("unknown", []), ("NF", []),
    ];

    private readonly Dictionary<string, int[]> _votes = new(StringComparer.Ordinal);
    private readonly string _path;

    private FerPlusVotes(string path) => _path = path;

    /// <summary>Images that were voted on.</summary>
    public int Images => _votes.Count;

    /// <exception cref="InvalidDataException">A missing column, a vote that is no count, an image given twice.</exception>
    public static FerPlusVotes Load(string path)
    {
        using var reader = File.OpenText(path);
        var votes = new FerPlusVotes(path);
        int[]? columns = null;
        foreach (var (line, f) in Csv.Read(reader, path))
        {
            if (columns is null)
            {
                columns = [.. ((string[])["file", .. Known.Select(k => k.Vote)]).Select(name => Array.IndexOf(f, name))];
                if (columns.Contains(-1))
                {
                    throw new InvalidDataException(
                        $"{path}:{line}: the columns are [{Human.Short(string.Join(", ", f))}]; needed are file, "
                        + $"{string.Join(", ", Known.Select(k => k.Vote))}");
                }
                continue;
            }
            if (f.Length <= columns.Max())
                throw new InvalidDataException($"{path}:{line}: has {f.Length} fields, needs {columns.Max() + 1}");
            var counts = columns.Skip(1).Select(c => int.TryParse(f[c], out var n) && n >= 0 ? n
                : throw new InvalidDataException($"{path}:{line}: '{Human.Short(f[c])}' is no number of votes")).ToArray();
            if (!votes._votes.TryAdd(f[columns[0]], counts))
                throw new InvalidDataException($"{path}:{line}: '{Human.Short(f[columns[0]])}' stands twice");
        }
        return columns is null ? throw new InvalidDataException($"{path}: is empty") : votes;
    }

    /// <summary>The labels of images by their votes, and why others have none of these classes.</summary>
    /// <param name="ids">Joined to the votes' files by path or by file name, whatever the folder, where that is
    /// unambiguous.</param>
    /// <returns>Image id → class name, and for the other images id → reason.</returns>
    /// <exception cref="InvalidDataException">None of the images gets a label.</exception>
    public (IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> LeftOut) Label(
        IReadOnlyList<string> ids, IReadOnlyList<string> classes, VoteRule rule = VoteRule.Majority)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(classes);
        string[] files = [.. _votes.Keys];
        var rows = new FileNameJoin(ids, files).Rows;
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var left = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < ids.Count; i++)
        {
            var (name, reason) = rows[i] < 0 ? (null, Unvoted) : Count(_votes[files[rows[i]]], classes, rule);
            if (name is not null) labels[ids[i]] = name;
            else left[ids[i]] = reason!;
        }
        return labels.Count > 0 || ids.Count == 0 ? (labels, left) : throw new InvalidDataException(
            $"{_path}: gives none of {ids.Count} images a label of [{string.Join(", ", classes)}]; its first image is "
            + $"'{files.FirstOrDefault()}', theirs '{ids[0]}'");
    }

    private static (string? Class, string? Reason) Count(int[] votes, IReadOnlyList<string> classes, VoteRule rule)
    {
        var most = votes.Max();
        if (rule == VoteRule.Majority && 2 * most <= votes.Sum()) return (null, NoMajority);
        if (most == 0 || votes.Count(v => v == most) > 1) return (null, Tie);
        var (vote, names) = Known[Array.IndexOf(votes, most)];
        return classes.FirstOrDefault(names.Contains) is { } name ? (name, null) : (null, $"voted {vote}");
    }
}
