using System.Text;
using Understudy.Common;

namespace Understudy.Data;

/// <summary>
/// The <c>labels.csv</c> (file,id,label) that <see cref="ImageSetWriter"/> puts beside images: ids and class names as they were
/// before they became file names, and a check that the set is whole.
/// </summary>
internal sealed class ImageLabels
{
    public const string FileName = "labels.csv";

    public static readonly string[] Header = ["file", "id", "label"];

    private readonly Dictionary<string, (string Id, string Label)> _rows = new(StringComparer.Ordinal);
    private readonly string _source;

    private ImageLabels(string source) => _source = source;

    /// <exception cref="InvalidDataException">The file is not listed.</exception>
    public (string Id, string Label) this[string file] => _rows.TryGetValue(file, out var row) ? row
        : throw new InvalidDataException($"{_source}: {file} does not stand in labels.csv; add its line, or delete labels.csv to "
            + "go by folders alone");

    /// <summary>The class of a file: the folder's name before it was escaped.</summary>
    /// <exception cref="InvalidDataException">Folder and list disagree.</exception>
    public string ClassOf(string file, string folder)
    {
        var label = this[file].Label;
        return SafeName.Of(label) == folder ? label
            : throw new InvalidDataException($"{_source}: {file} lies in the folder '{folder}', and labels.csv says '{label}'; "
                + "move it, or delete labels.csv to go by folders alone");
    }

    /// <summary>Null where there is no such file, or one with other columns (a user's own table).</summary>
    /// <exception cref="InvalidDataException">A listed file is missing, or a line cannot be read.</exception>
    public static ImageLabels? ReadFrom(FileBag bag, string root)
    {
        if (bag.Files.BinarySearch(root + FileName, StringComparer.Ordinal) < 0) return null;
        var labels = new ImageLabels(bag.Source);
        using var reader = new StringReader(Encoding.UTF8.GetString(bag.Read(root + FileName)).TrimStart('\uFEFF'));
        var first = true;
        foreach (var (line, f) in Csv.Read(reader, $"{bag.Source}: {FileName}"))
        {
            if (first && !f.SequenceEqual(Header)) return null;
            if (!first && (f.Length != 3 || f[1].Length == 0 || f[2].Length == 0 || !labels._rows.TryAdd(f[0], (f[1], f[2]))))
                throw new InvalidDataException($"{bag.Source}: {FileName}:{line}: '{Human.Short(string.Join(',', f))}' is not "
                    + "file,id,label, or the file stands twice");
            first = false;
        }
        foreach (var file in labels._rows.Keys)
        {
            if (bag.Files.BinarySearch(root + file, StringComparer.Ordinal) < 0)
                throw new InvalidDataException($"{bag.Source}: labels.csv lists {file}, which is missing; copy the set again, or "
                    + "delete labels.csv to go by folders alone");
        }
        return first ? null : labels;
    }
}
