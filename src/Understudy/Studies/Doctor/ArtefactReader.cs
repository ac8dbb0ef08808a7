using System.Text;
using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Synthesis;
using Understudy.Training;
using Understudy.Training.Classification;

namespace Understudy.Studies.Doctor;

/// <summary>Recognises what lies at a path by its content, and reads what it says of itself.</summary>
internal sealed class ArtefactReader(ImageReading reading, ProgressSink progress)
{
    private const string Accepted =
        "give a study's folder, images, split.csv, predictions.csv, a CSV with id and label, or the run (or .safetensors) of a "
        + "classifier or generator";

    /// <param name="alone">Nothing else is looked at: a study's stages need no more than their own names.</param>
    /// <exception cref="InvalidDataException">Not recognised, or damaged.</exception>
    /// <exception cref="FileNotFoundException">Nothing is there.</exception>
    public IReadOnlyList<Artefact> Read(string path, bool alone)
    {
        if (Directory.Exists(path)) return Folder(path, alone ? "" : path + ": ");
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: no such file or folder; {Accepted}", path);
        return Head(path) switch
        {
            [(byte)'P', (byte)'K', ..] => [Images(path)],
            [_, _, _, _, _, 0, 0, 0, (byte)'{', ..] => Tensors(path),
            _ when FirstLine(path) is { } line => Text(path, line),
            _ => throw Unknown(path, "it is neither a zip, nor a safetensors file, nor text"),
        };
    }

    private List<Artefact> Folder(string path, string prefix)
    {
        string In(string file) => Path.Combine(path, file);
        if (PlanFile.Find(path) is { } plan)
        {
            List<Artefact> all = [.. StudyArtefacts.Of(path, plan, out var open)
                .Select(a => a with { Name = prefix + a.Name, Run = a.Run is null ? null : prefix + a.Run })];
            if (open > 0) progress.Say($"{path}: {open} of {plan.Stages.Count} stages are not done; looking at the others");
            return all.Count > 0 ? all
                : throw new InvalidDataException($"{path}: no stage of this study is done yet; understudy run goes on with it");
        }
        if (File.Exists(In(ClassifierTrainer.FileName)))
        {
            var seen = SeenImages.Find(path);
            return [Artefact.Of(path, TrainedClassifier.ReadAbout(In(ClassifierTrainer.FileName))) with
                {
                    Trained = seen?.Trained.Select(t => t.Id).ToHashSet(StringComparer.Ordinal),
                    Chose = seen?.Chose.ToHashSet(StringComparer.Ordinal),
                }, .. Beside(In(Split.FileName), OfSplit), .. Beside(In(Predictions.FileName), OfPredictions)];
        }
        if (File.Exists(In(GeneratorFile.Name)))
        {
            var source = GanSource.Exists(path) ? GanSource.Load(path) : default;
            return [Artefact.Of(path,
                GeneratorFile.ReadCard(path)) with { Roles = source.Split is null ? null : source.Source.Roles },
                    .. Beside(In(Split.FileName), OfSplit)];
        }
        return File.Exists(In(StageFolder.SpecFile)) ? throw Unknown(path, "it is the folder of one stage of a study")
            : File.Exists(In(RunDirectory.OptionsName)) ? throw Unknown(path, "it is a run that has not written its result yet")
            : [Images(path)];
    }

    private static IEnumerable<Artefact> Beside(string path, Func<string, Artefact> read) =>
        File.Exists(path) ? [read(path)] : [];

    private List<Artefact> Tensors(string path) => SafetensorsFile.ReadMetadata(path).GetValueOrDefault("format") switch
    {
        ImageSetFile.Format => [Images(path)],
        TrainedClassifier.Format => [Artefact.Of(path, TrainedClassifier.ReadAbout(path))],
        GeneratorFile.Format => [Artefact.Of(path, GeneratorFile.ReadCard(path))],
        TrainingState.Format when SafetensorsFile.ReadMetadata(path).ContainsKey(GanTrainer.RunKey) =>
            [Artefact.Of(path, GeneratorFile.ReadCard(path))],
        var format =>
            throw Unknown(path, format is null ? "its header names no format" : $"its header names the format '{format}'"),
    };

    private List<Artefact> Text(string path, string line)
    {
        if (line.StartsWith('{'))
        {
            return File.ReadAllText(path).Contains(Manifest.CurrentFormat, StringComparison.Ordinal)
                ? [Artefact.Of(path, Manifest.Load(path))]
                : throw Unknown(path, "it is JSON, but no manifest of a synthetic set");
        }
        var fields = Csv.Read(new StringReader(line), path).FirstOrDefault().Fields ?? [];
        return [line == Split.Header ? OfSplit(path)
            : PredictionTable.IsHeader(fields) ? OfPredictions(path)
            : fields.Contains("id") && fields.Contains("label") ? OfLabels(path)
            : fields.Contains("pixels") ? Images(path)
            : throw Unknown(path, $"its first line is '{Human.Short(line)}'")];
    }

    private static Artefact OfSplit(string path) => Artefact.Of(path, Split.Load(path));

    private static Artefact OfPredictions(string path) => Artefact.Of(path, PredictionTable.Load(path));

    private static Artefact OfLabels(string path)
    {
        using var reader = File.OpenText(path);
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        (int Id, int Label)? at = null;
        foreach (var (line, f) in Csv.Read(reader, path))
        {
            if (at is null) at = (Array.IndexOf(f, "id"), Array.IndexOf(f, "label"));
            else if (f.Length <= Math.Max(at.Value.Id, at.Value.Label) || !labels.TryAdd(f[at.Value.Id], f[at.Value.Label]))
                throw new InvalidDataException($"{path}:{line}: '{Human.Short(string.Join(',', f))}' lacks an id or a label, or "
                    + "its image stands twice");
        }
        return new(path, ArtefactKind.Labels) { Labels = labels };
    }

    /// <summary>A set with a synthetic set's manifest is one; all others are taken for real.</summary>
    private Artefact Images(string path)
    {
        var set = ImageSources.Read(path, reading, progress);
        return ManifestOf(path) is { } manifest
            ? Artefact.Of(path, manifest) with { Classes = set.Classes } : Artefact.Of(path, set);
    }

    private static Manifest? ManifestOf(string path)
    {
        if (!Directory.Exists(path) && !path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)) return null;
        try { return Manifest.Load(path); }
        catch (InvalidDataException) { return null; /* a set of photographs has none, or one with the order of classes alone */ }
    }

    private static byte[] Head(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[16];
        return head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
    }

    /// <summary>The first line of a text file, or null where it is none.</summary>
    private static string? FirstLine(string path)
    {
        using var file = File.OpenRead(path);
        var start = new byte[4096];
        var text = Encoding.UTF8.GetString(start.AsSpan(0, file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)))
            .TrimStart('\uFEFF');
        return text.Length > 0 && !text.Any(c => char.IsControl(c) && c is not ('\r' or '\n' or '\t'))
            ? text.Split('\n', 2)[0].TrimEnd('\r') : null;
    }

    private static InvalidDataException Unknown(string path, string why) => new($"{path}: not recognised: {why}; {Accepted}");
}
