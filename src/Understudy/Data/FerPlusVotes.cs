using Understudy.Common;

namespace Understudy.Data;

/// <summary>
/// The votes of FER+ (Barsoum et al., arXiv 1608.01041): ten people's labels for every image of FER2013, as a CSV with a column
/// <c>file</c> and one for each of neutral, happiness, surprise, sadness, anger, disgust, fear, contempt, unknown and NF (no face).
/// An image's FER+ label is the answer that more people gave than any other.
/// </summary>
public sealed class FerPlusVotes
{
    public const string Tie = "no answer has most votes", Unvoted = "no votes for this image";

    /// <summary>FER+'s names, and what data sets call the same expressions.</summary>
    private static readonly (string Vote, string[] Names)[] Known =
    [
        ("neutral", ["neutral"]), ("happiness", ["happy", "happiness"]), ("surprise", ["surprise", "surprised"]), ("sadness", ["sad", "sadness"]),
        ("anger", ["angry", "anger"]), ("disgust", ["disgust", "disgusted"]), ("fear", ["fear", "fearful"]), ("contempt", ["contempt"]), ("unknown", []), ("NF", []),
    ];

    private readonly Dictionary<string, int[]> _votes = new(StringComparer.Ordinal);
    private readonly string _path;

    private FerPlusVotes(string path) => _path = path;

    /// <summary>Images that were voted on.</summary>
    public int Count => _votes.Count;

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
                    throw new InvalidDataException($"{path}:{line}: the columns are [{string.Join(", ", f)}]; needed are file, {string.Join(", ", Known.Select(k => k.Vote))}");
                continue;
            }
            if (f.Length <= columns.Max()) throw new InvalidDataException($"{path}:{line}: has {f.Length} fields, needs {columns.Max() + 1}");
            var counts = columns.Skip(1).Select(c => int.TryParse(f[c], out var n) && n >= 0 ? n
                : throw new InvalidDataException($"{path}:{line}: '{f[c]}' is no number of votes")).ToArray();
            if (!votes._votes.TryAdd(NameOf(f[columns[0]]), counts)) throw new InvalidDataException($"{path}:{line}: '{f[columns[0]]}' stands twice");
        }
        return columns is null ? throw new InvalidDataException($"{path}: is empty") : votes;
    }

    /// <summary>The label of an image by its votes, or why it has none of these classes.</summary>
    /// <param name="id">Joined by its last part, whatever the folder: "test/angry/PublicTest_1" and "PublicTest_1.jpg" are one.</param>
    /// <returns>A class name and no reason, or no class and the reason.</returns>
    public (string? Class, string? Reason) Label(string id, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!_votes.TryGetValue(NameOf(id), out var votes)) return (null, Unvoted);
        var most = votes.Max();
        if (most == 0 || votes.Count(v => v == most) > 1) return (null, Tie);
        var (vote, names) = Known[Array.IndexOf(votes, most)];
        return classes.FirstOrDefault(names.Contains) is { } name ? (name, null) : (null, $"voted {vote}");
    }

    /// <summary>Labels and reasons for many images.</summary>
    /// <exception cref="InvalidDataException">None of them was voted on.</exception>
    public (IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> LeftOut) Label(IReadOnlyList<string> ids, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var left = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            var (name, reason) = Label(id, classes);
            if (name is not null) labels[id] = name;
            else left[id] = reason!;
        }
        return labels.Count > 0 || ids.Count == 0 ? (labels, left) : throw new InvalidDataException(
            $"{_path}: gives none of {ids.Count} images a label of [{string.Join(", ", classes)}]; its first image is '{_votes.Keys.FirstOrDefault()}', theirs '{NameOf(ids[0])}'");
    }

    /// <summary>The file's name without folders and ending.</summary>
    private static string NameOf(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : name;
    }
}
