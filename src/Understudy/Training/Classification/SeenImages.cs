using Understudy.Common;

namespace Understudy.Training.Classification;

/// <summary>
/// Which images a classifier was trained on and which ones chose its best epoch, by id: what a test has to stay clear of.
/// </summary>
/// <param name="Trained">Source (of the selection) and id.</param>
/// <param name="Chose">Ids of the validation images, its own and those of what it goes on from.</param>
internal sealed record SeenImages(IReadOnlyList<(string Source, string Id)> Trained, IReadOnlyList<string> Chose)
{
    /// <summary>Its name in a run's folder.</summary>
    public const string FileName = "images.csv";

    private const string Header = "use,source,id", Train = "train", Choose = "choose";

    /// <summary>
    /// The sources of images that are known only from the weights that a training went on from, or by a teacher.
    /// </summary>
    private const string FromWeights = "weights", ByTeacher = "teacher";

    /// <param name="start">What the weights have seen that it goes on from; they are in the classifier as well.</param>
    public static SeenImages Of(ClassifierData data, SeenImages? start = null)
    {
        var (trained, chose) = (data.Selection.Rows.Select(r => (r.Source, r.Id)), data.Validation.Ids.AsEnumerable());
        foreach (var (source, seen) in new[] { (FromWeights, start), (ByTeacher, data.TeacherHasSeen) })
        {
            trained = trained.Concat(seen?.Trained.Select(t => (source, t.Id)) ?? []);
            chose = chose.Concat(seen?.Chose ?? []);
        }
        return new([.. trained.DistinctBy(t => t.Id)], [.. chose.Distinct()]);
    }

    /// <summary>How many of these ids are among those that trained it, and among those that chose its best epoch.</summary>
    public (int Trained, int Chose) CountIn(IReadOnlyCollection<string> ids) =>
        (ids.Count(Trained.Select(t => t.Id).ToHashSet(StringComparer.Ordinal).Contains),
            ids.Count(Chose.ToHashSet(StringComparer.Ordinal).Contains));

    public void Save(string folder) => AtomicFile.WriteText(Path.Combine(folder, FileName), Header + "\n"
        + string.Concat(Trained.Select(t => Csv.Row(Train, t.Source, t.Id)))
        + string.Concat(Chose.Select(id => Csv.Row(Choose, "", id))));

    /// <summary>What a run's folder says, or null where it holds none: a classifier's file alone does not say.</summary>
    /// <exception cref="InvalidDataException">Another header or use; the line is named.</exception>
    public static SeenImages? Find(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        using var reader = File.OpenText(path);
        var trained = new List<(string, string)>();
        var chose = new List<string>();
        var first = true;
        foreach (var (line, fields) in Csv.Read(reader, path))
        {
            switch (fields)
            {
                case var _ when first && string.Join(',', fields) == Header: break;
                case [Train, var source, var id] when !first: trained.Add((source, id)); break;
                case [Choose, _, var id] when !first: chose.Add(id); break;
                default:
                    throw new InvalidDataException($"{path}:{line}: '{string.Join(',', fields)}' is not {Header} with a use "
                    + $"of {Train} or {Choose}");
            }
            first = false;
        }
        return new(trained, chose);
    }
}
