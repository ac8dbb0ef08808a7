namespace Understudy.Data;

/// <summary>
/// An image set as Hugging Face keeps one: a Parquet file, or a folder of them, whose names tell the part
/// (<c>data/train-00000-of-00002.parquet</c>,
/// <c>test/0000.parquet</c>). Ids are what the images' own paths are called, where these tell all apart; else the part (or file)
/// and the row's number. Images come in the order and the classes in the numbers that a folder of the same images has.
/// </summary>
internal sealed class ParquetSource(string source, ImageReading options, ImageAssembly assembly) : IDisposable
{
    public const string Extension = ".parquet";

    /// <summary>Row groups kept: rows are decoded in chunks, and a chunk may straddle some.</summary>
    private const int KeptRows = 2 * ImageAssembly.Chunk;

    private static readonly EnumerationOptions Everywhere =
        new() { RecurseSubdirectories = true, MaxRecursionDepth = 8, MatchCasing = MatchCasing.CaseInsensitive };

    private readonly List<ParquetFile> _files = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<Row> _rows = [];
    private readonly List<(int Start, int File, int Group)> _groups = [];
    private readonly Dictionary<int, byte[]?[]> _loaded = [];
    private readonly Lock _gate = new();
    private int _ordinals;

    /// <param name="Number">Counted over the files of one part.</param>
    private sealed record Row(string Place, string? Part, string? Path, string Class, int Number, int Ordinal);

    /// <summary>Whether a path is such a set: a .parquet file, or a folder that holds some and no images.</summary>
    public static bool Is(string path) =>
        Path.GetExtension(path).Equals(Extension, StringComparison.OrdinalIgnoreCase) ? File.Exists(path)
        : Directory.Exists(path) && Files(path, Extension).Any() && !ImageCodec.Extensions.Any(e => Files(path, e).Any());

    /// <exception cref="InvalidDataException">A file that is not sound, rows without image or label while bad ones are not
    /// skipped, or files that do not fit together.</exception>
    public ImageSet Read()
    {
        List<string> files = Directory.Exists(source) ? [.. Files(source, Extension).Order(StringComparer.Ordinal)] : [source];
        string?[] parts = [.. files.Select(PartOf)];
        if (parts.Contains(null) && parts.Any(p => p is not null))
            throw new InvalidDataException($"{source}: {files[Array.IndexOf(parts, null)]} tells no part, and "
                + $"{files[Array.FindIndex(parts, p => p is not null)]} does; name both train-…, validation-… or test-…, or neither");
        foreach (var (file, part) in files.Zip(parts)) List(file, part);
        var names = _files[0].LabelNames;
        if (_files.Find(f => !(f.LabelNames ?? []).SequenceEqual(names ?? [])) is { } differs)
            throw new InvalidDataException($"{source}: {differs.Path} and {_files[0].Path} name their classes differently; write "
                + "them anew with the same names");
        if (_rows.Count == 0) throw new InvalidDataException($"{source}: holds no row with an image and a label");
        PartClasses.RequireSame(source, _rows.Select(r => (r.Part, r.Class)));
        var classes = new ClassNames(PartClasses.InOrder((names ?? []).Concat(_rows.Select(r => r.Class))));
        var ids = Ids();
        var images = _rows.Select((r, i) => new ImageFile(r.Place, ids[i], classes.IndexOf(r.Class), r.Part));
        return assembly.Build(classes, [.. images], Decode, set => set.Subset([.. Enumerable.Range(0, set.Count)
            .OrderBy(i => Parts.Order(set.Parts?[i])).ThenBy(i => set.Labels[i])
            .ThenBy(i => set.Ids[i], StringComparer.Ordinal)]));
    }

    public void Dispose() => _files.ForEach(f => f.Dispose());

    private static IEnumerable<string> Files(string folder, string extension) =>
        Directory.EnumerateFiles(folder, "*" + extension, Everywhere);

    /// <summary>By the file's name up to a dash, dot or underscore, or by its folder.</summary>
    private static string? PartOf(string file) => Parts.Of(Path.GetFileNameWithoutExtension(file).Split('-', '.', '_')[0])
        ?? Parts.Of(Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file))) ?? "");

    private void List(string path, string? part)
    {
        var file = new ParquetFile(path, options.ImageColumn, options.LabelColumn);
        _files.Add(file);
        var number = _counts.GetValueOrDefault(part ?? "");
        var row = 0;
        for (int group = 0; group < file.Groups; group++)
        {
            var start = _ordinals;
            _groups.Add((start, _files.Count - 1, group));
            var labels = file.Labels(group);
            var paths = file.Paths(group);
            _ordinals += labels.Length;
            for (int i = 0; i < labels.Length; i++, row++)
            {
                var place = FormattableString.Invariant($"{(path == source ? "" : Path.GetFileName(path) + " ")}row {row}");
                if (Class(labels[i], file.LabelNames) is { } name)
                    _rows.Add(new(place, part, paths?[i], name, number + row, start + i));
                else if (options.SkipBad) assembly.Skipped.Add(new(place, NoClass(labels[i])));
                else throw new InvalidDataException($"{source}: {new SkippedFile(place, NoClass(labels[i])).Refusal}");
            }
        }
        _counts[part ?? ""] = number + row;
    }

    /// <summary>−1 is how sets say that a row has no label.</summary>
    private static string? Class(string? label, IReadOnlyList<string>? names) => label is null || names is null
        ? (string.IsNullOrWhiteSpace(label) || label == "-1" ? null : label)
        : names.Contains(label) ? label : int.TryParse(label, out var k) && k >= 0 && k < names.Count ? names[k] : null;

    private static string NoClass(string? label) =>
        (string.IsNullOrWhiteSpace(label) ? "has no label" : $"has the label '{label}', which names no class") + "; mend it";

    private string[] Ids()
    {
        if (_rows.TrueForAll(r => !string.IsNullOrEmpty(r.Path)))
        {
            var ids = ImageLayout.Ids([.. _rows.Select(r => r.Path!.Replace('\\', '/'))]);
            if (ids.Distinct(StringComparer.Ordinal).Count() == ids.Length) return ids;
        }
        return [.. _rows.Select(r =>
            FormattableString.Invariant($"{r.Part ?? Path.GetFileNameWithoutExtension(_files[0].Path)}_{r.Number:00000000}"))];
    }

    private DecodedImage Decode(int index) => ImageCodec.Decode(Bytes(_rows[index].Ordinal)
        ?? throw new InvalidDataException("holds no bytes of an image; write the set with its images embedded"));

    private byte[]? Bytes(int ordinal)
    {
        lock (_gate)
        {
            var at = _groups.FindLastIndex(g => g.Start <= ordinal);
            if (!_loaded.TryGetValue(at, out var images))
            {
                foreach (var old in _loaded.Keys.Where(k => _groups[k].Start + _loaded[k].Length < ordinal - KeptRows).ToList())
                    _loaded.Remove(old);
                _loaded[at] = images = _files[_groups[at].File].Images(_groups[at].Group);
            }
            return images[ordinal - _groups[at].Start];
        }
    }
}
