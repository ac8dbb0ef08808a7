using Understudy.Common;
using Understudy.Networks;
using Understudy.Networks.StyleGan2;
using Understudy.Training.Classification;
using Understudy.Training.Phases;

namespace Understudy.Training;

/// <summary>What the header of a generator's file says about it.</summary>
/// <param name="Classes">Class names in label order; one name for a generator that knows no classes.</param>
/// <param name="Data">Fingerprint of the images it learned from.</param>
/// <param name="Split">Hash of the split they were chosen by, or empty.</param>
/// <param name="Images">Real images it was shown, repetitions counted.</param>
public sealed record GeneratorCard(GeneratorOptions Options, IReadOnlyList<string> Classes, string Data, string Split,
    ulong Seed, long Images);

/// <summary>
/// A generator on the disk: the averaged weights, and in the header the options, class names and split that made them.
/// </summary>
public static class GeneratorFile
{
    /// <summary>The format this code writes and reads.</summary>
    public const string Format = "understudy/generator/1";

    /// <summary>Its name in a run's folder.</summary>
    public const string Name = "generator.safetensors";

    /// <summary>
    /// Beside it: the generator as it was at the snapshot of the least "quality/judge/fd"; without a judge, of the least
    /// "quality/fd".
    /// </summary>
    public const string BestName = "best.safetensors";

    /// <summary>The array of <see cref="ClassMeans"/> beside the network's own; files without it are complete.</summary>
    public const string ClassMeansName = "class_w_avg";

    private const string FormatKey = "format", CardKey = "card";

    /// <summary>Writes weights, card and, for a generator of several classes but no more than 100, the mean w of each.</summary>
    /// <param name="plain">Writes the state dictionary alone, as other implementations load it: without the means, which follow
    /// from it.</param>
    public static void Save(string path, Generator generator, GeneratorCard card, bool plain = false)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(card);
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var folded = Folded(generator);
        generator = folded ?? generator;
        var entries = Weights.Entries(generator);
        if (!plain && generator.Options.LabelDim > 0 && card.Classes.Count <= ClassMeans.MostStored)
            entries = entries.Append(Weights.ToEntry(ClassMeansName, ClassMeans.Of(generator, card.Classes.Count)));
        SafetensorsFile.Write(path,
            new Dictionary<string, string> { [FormatKey] = Format, [CardKey] = StrictJson.WriteLine(card) }, entries);
    }

    /// <summary>SHA-256 over options and weights, as a file would hold them.</summary>
    internal static string HashOf(Generator generator)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var folded = Folded(generator);
        using var f = new Fingerprint();
        f.Add("generator/1").Add(StrictJson.WriteLine(generator.Options));
        foreach (var (name, dtype, shape, data) in Weights.Entries(folded ?? generator))
            f.Add(name).Add(dtype).Add(string.Join(',', shape)).Add(data.Span);
        return f.Finish();
    }

    /// <summary>A copy whose weights alone make the same images; null for a generator whose weights do.</summary>
    private static Generator? Folded(Generator generator)
    {
        if (generator.LabelScale == 1) return null;
        var copy = generator.Copy();
        copy.FoldLabelScale();
        return copy;
    }

    /// <summary>Whether a file is a generator or a checkpoint that was written here, by its header.</summary>
    internal static bool IsOurs(string path)
    {
        using (var file = File.OpenRead(path))
        {
            Span<byte> start = stackalloc byte[9];
            // safetensors begins with the length of a JSON object.
            if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || start[8] != '{') return false;
        }
        var metadata = SafetensorsFile.ReadMetadata(path);
        return metadata.GetValueOrDefault(FormatKey) is { } format
            && (format == Format || (format == TrainingState.Format && metadata.ContainsKey(GanTrainer.RunKey)));
    }

    /// <summary>Reads the header only.</summary>
    /// <param name="path">The file, a checkpoint, or the folder of a run.</param>
    /// <exception cref="InvalidDataException">Not a generator, or of another version.</exception>
    public static GeneratorCard ReadCard(string path)
    {
        path = Resolve(path);
        return CardOf(SafetensorsFile.ReadMetadata(path), path);
    }

    /// <summary>Reads a generator; of a checkpoint, the averaged one.</summary>
    /// <param name="path">The file, a checkpoint, or the folder of a run.</param>
    /// <exception cref="InvalidDataException">Not a generator, damaged, or of another version.</exception>
    public static (Generator Generator, GeneratorCard Card) Load(string path)
    {
        var (generator, card, _) = LoadWithMeans(path);
        return (generator, card);
    }

    /// <summary>
    /// As <see cref="Load"/>, with the mean w of every class where the file holds them: [classes, w_dim], else null.
    /// </summary>
    internal static (Generator Generator, GeneratorCard Card, TorchSharp.torch.Tensor? ClassMeans) LoadWithMeans(string path)
    {
        path = Resolve(path);
        var content = SafetensorsFile.Read(path);
        var card = CardOf(content.Metadata, path);
        var means = content.Find(ClassMeansName);
        if (means is not null) content = new(content.Metadata, [.. content.Entries.Where(e => e.Key != ClassMeansName)]);
        var isCheckpoint = content.Metadata[FormatKey] == TrainingState.Format;
        if (isCheckpoint) TrainingState.RequireSound(content, path);
        var generator = Read(content, card, isCheckpoint ? GanNetworks.EmaName + "." : "", path);
        if (means is null) return (generator, card, null);
        if (means.Dtype != "F32" || !means.Shape.AsSpan().SequenceEqual([card.Classes.Count, card.Options.WDim]))
        {
            throw new InvalidDataException($"{path}: '{ClassMeansName}' is {means.Dtype} [{string.Join(", ", means.Shape)}], "
                + $"expected F32 [{card.Classes.Count}, {card.Options.WDim}]; the file is damaged");
        }
        return (generator, card, Weights.ToTensor(means).DetachFromDisposeScope());
    }

    /// <summary>Of a checkpoint, the generator as it was being trained, not averaged.</summary>
    /// <exception cref="InvalidDataException">No checkpoint, damaged, or of another version.</exception>
    internal static Generator LoadLive(string path)
    {
        var content = SafetensorsFile.Read(path);
        TrainingState.RequireSound(content, path);
        return Read(content, CardOf(content.Metadata, path), "generator.", path);
    }

    /// <summary>The network behind a prefix; what a checkpoint keeps beside the weights, λ, is moved into them.</summary>
    private static Generator Read(SafetensorsContent content, GeneratorCard card, string prefix, string path)
    {
        var generator = new Generator(card.Options, 0);
        Weights.Load(content, generator, prefix: prefix, source: path);
        generator.LabelScale = LabelScaleOf(content.Metadata, card, path);
        generator.FoldLabelScale();
        generator.eval();
        return generator;
    }

    /// <summary>
    /// What labels are multiplied by beside the weights of a file: 1 but for a checkpoint whose condition fades in.
    /// </summary>
    internal static double LabelScaleOf(IReadOnlyDictionary<string, string> metadata, GeneratorCard card, string path) =>
        metadata[FormatKey] == TrainingState.Format ? RunOf(metadata, path).Options.ConditionWeight(card.Images) : 1;

    /// <summary>The generator's file of a run's folder; any other path as it is.</summary>
    public static string Resolve(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, Name) : path;
        if (File.Exists(file)) return file;
        throw new InvalidDataException(file == path
            ? $"{path}: no such file; give a generator.safetensors, a checkpoint, or the folder of a run"
            : File.Exists(Path.Combine(path, ClassifierTrainer.FileName))
                ? $"{path} is a classifier's run; give a generator's: a generator.safetensors, or the folder of a gan train"
            : $"{path} holds no {Name} yet; a run writes it with its first snapshot, or give one of its checkpoints");
    }

    internal static GeneratorCard CardOf(GanRun run, long images) => new(
        run.Options.GeneratorFor(run.Shape, run.Classes.Count),
        run.Options.Condition != Condition.None || run.Classes.Count == 1 ? run.Classes : ["all"], run.Data, run.Split, run.Seed,
            images);

    internal static GeneratorCard CardOf(IReadOnlyDictionary<string, string> metadata, string path)
    {
        var format = metadata.GetValueOrDefault(FormatKey, "none");
        if (format == Format) return StrictJson.Read<GeneratorCard>(metadata.GetValueOrDefault(CardKey, "null"), path);
        if (format == TrainingState.Format && metadata.ContainsKey(GanTrainer.RunKey))
        {
            var about = RunOf(metadata, path);
            return CardOf(about, StrictJson.Read<long>(metadata["step"], path) * about.Options.Batch);
        }
        throw new InvalidDataException($"{path}: is no generator (its format is '{format}', expected '{Format}'); "
            + "give the generator.safetensors of a run, one of its checkpoints, or its folder");
    }

    private static GanRun RunOf(IReadOnlyDictionary<string, string> metadata, string path) =>
        GanRun.Parse(metadata[GanTrainer.RunKey], path);
}
