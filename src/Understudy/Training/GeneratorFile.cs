using Understudy.Common;
using Understudy.Networks;
using Understudy.Networks.StyleGan2;
using Understudy.Training.Phases;

namespace Understudy.Training;

/// <summary>What the header of a generator's file says about it.</summary>
/// <param name="Classes">Class names in label order; one name for a generator that knows no classes.</param>
/// <param name="Data">Fingerprint of the images it learned from.</param>
/// <param name="Split">Hash of the split they were chosen by, or empty.</param>
/// <param name="Images">Real images it was shown, repetitions counted.</param>
public sealed record GeneratorCard(GeneratorOptions Options, IReadOnlyList<string> Classes, string Data, string Split, ulong Seed, long Images);

/// <summary>A generator on the disk: the averaged weights, and in the header the options, class names and split that made them.</summary>
public static class GeneratorFile
{
    /// <summary>The format this code writes and reads.</summary>
    public const string Format = "understudy/generator/1";

    /// <summary>Its name in a run's folder.</summary>
    public const string Name = "generator.safetensors";

    private const string FormatKey = "format", CardKey = "card";

    public static void Save(string path, Generator generator, GeneratorCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(generator);
        using var folded = generator.LabelScale == 1 ? null : generator.Copy();
        folded?.FoldLabelScale();
        Weights.Save(path, folded ?? generator, new Dictionary<string, string> { [FormatKey] = Format, [CardKey] = StrictJson.WriteLine(card) });
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
        path = Resolve(path);
        var content = SafetensorsFile.Read(path);
        var card = CardOf(content.Metadata, path);
        var isCheckpoint = content.Metadata[FormatKey] == TrainingState.Format;
        if (isCheckpoint) TrainingState.RequireSound(content, path);
        var generator = new Generator(card.Options, 0);
        Weights.Load(content, generator, prefix: isCheckpoint ? GanNetworks.EmaName + "." : "", source: path);
        if (isCheckpoint)
        {
            generator.LabelScale = RunOf(content.Metadata, path).Options.ConditionWeight(card.Images);
            generator.FoldLabelScale();
        }
        generator.eval();
        return (generator, card);
    }

    /// <summary>The generator's file of a run's folder; any other path as it is.</summary>
    public static string Resolve(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, Name) : path;
        if (File.Exists(file)) return file;
        throw new InvalidDataException(file == path ? $"{path}: no such file; give a generator.safetensors, a checkpoint, or the folder of a run"
            : $"{path} holds no {Name} yet; a run writes it with its first snapshot, or give one of its checkpoints");
    }

    internal static GeneratorCard CardOf(GanRun run, long images) => new(
        run.Options.GeneratorFor(run.Shape, run.Classes.Count),
        run.Options.Condition != Condition.None || run.Classes.Count == 1 ? run.Classes : ["all"], run.Data, run.Split, run.Seed, images);

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

    private static GanRun RunOf(IReadOnlyDictionary<string, string> metadata, string path) => GanRun.Parse(metadata[GanTrainer.RunKey], path);
}
