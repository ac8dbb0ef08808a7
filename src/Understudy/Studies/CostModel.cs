using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.Classifiers;
using Understudy.Networks.StyleGan2;
using Understudy.Studies.Stages;
using Understudy.Training;
using Understudy.Training.Classification;

namespace Understudy.Studies;

/// <summary>
/// How long stages will take: units of work by their options, times seconds per unit. Seconds come from the stages finished in
/// this runs folder; before there are any, from a machine of two cores. An estimate, never part of a result.
/// </summary>
internal sealed class CostModel
{
    /// <summary>Seconds per unit where nothing was measured here yet.</summary>
    private static readonly Dictionary<string, double> BuiltIn = new(StringComparer.Ordinal)
    {
        [DataStage.Kind] = .4,
        [SplitStage.Kind] = .1,
        [GeneratorStage.Kind] = 10,
        [GenerateStage.Kind] = 1,
        [SelectStage.Kind] = .5,
        [ClassifierStage.Kind] = .5, // .13 to .7 by network and machine: bench/results/classify.md
        [PredictStage.Kind] = 2,
        [ProbeStage.Kind] = 10,
        [CopiesStage.Kind] = .006,
        [VotesStage.Kind] = .5,
        [WeightsStage.Kind] = 1,
        [ReportStage.Kind] = .5,
    };

    private const int UsualSide = 48;

    /// <summary>Images of a set that is not read yet.</summary>
    private const int UsualSet = 10_000;

    /// <summary>
    /// Seconds per multiply-add over other networks': recipe A does 2.7 times as many in a second as MobileNetV3-Large
    /// (bench/results/classify.md).
    /// </summary>
    private const double DepthwiseSlowness = 3;

    /// <summary>What starting a stage's process costs, until it begins with its work.</summary>
    public const double StartSeconds = 1;

    private readonly Dictionary<string, double> _seconds;
    private readonly string _stages;

    public CostModel(string stages)
    {
        _stages = stages;
        var seen = Directory.Exists(stages)
            ? Directory.EnumerateDirectories(stages).Select(Finished).OfType<(Stage, double)>().ToList() : [];
        var byId = seen.ToLookup(s => s.Item1.Id, s => s.Item1, StringComparer.Ordinal);
        _seconds = BuiltIn.ToDictionary(b => b.Key, b =>
        {
            var ofKind = seen.Where(s => s.Item1.Kind == b.Key)
                .Select(s => (s.Item2, Units: UnitsIfKnown(s.Item1, id => byId[id].FirstOrDefault())))
                .Where(s => s.Units > 0).ToList();
            return ofKind.Count == 0 ? b.Value : PerUnit(ofKind);
        }, StringComparer.Ordinal);
        Measured = seen.Count > 0;
    }

    /// <summary>Whether any of it was measured here.</summary>
    public bool Measured { get; }

    /// <param name="all">Among which its inputs are.</param>
    public double Seconds(Stage stage, IReadOnlyList<Stage> all) =>
        Units(stage, id => all.FirstOrDefault(s => s.Id == id)) * _seconds[stage.Kind]
            + (StageKinds.Get(stage.Kind).Child ? StartSeconds : 0);

    /// <summary>Steps of a classifier's training.</summary>
    public double Steps(Stage stage, IReadOnlyList<Stage> all) =>
        Steps(stage.Read<ClassifierOptions>(), stage, id => all.FirstOrDefault(s => s.Id == id));

    /// <summary>Bytes a stage will leave, roughly.</summary>
    public static long Bytes(Stage stage) => stage.Kind switch
    {
        DataStage.Kind when stage.Read<DataStageOptions>().Toy is { } t => (long)t.Count * t.Size * t.Size * t.Channels,
        DataStage.Kind => 30_000L * UsualSide * UsualSide,
        GeneratorStage.Kind => 60_000_000,
        GenerateStage.Kind => stage.Read<GenerateStageOptions>().Count * 3_000L,
        ClassifierStage.Kind => 15_000_000,
        WeightsStage.Kind => 100_000_000,
        _ => 500_000,
    };

    /// <summary>
    /// Of what took no more than ten times the usual for its work (networks differ by up to five): a stage that took longer was
    /// held still, by a closed laptop or a paused process.
    /// </summary>
    private static double PerUnit(List<(double Seconds, double Units)> done)
    {
        var rates = done.Select(d => d.Seconds / d.Units).Order().ToList();
        var most = 10 * rates[(rates.Count - 1) / 2];
        var kept = done.Where(d => d.Seconds / d.Units <= most).ToList();
        return kept.Sum(d => d.Seconds) / kept.Sum(d => d.Units);
    }

    /// <summary>0 for a finished stage whose options another version wrote: nothing is learned from it.</summary>
    private double UnitsIfKnown(Stage stage, Func<string, Stage?> find)
    {
        try { return Units(stage, find); }
        catch (Exception e) when (e is InvalidDataException or IOException or OptionException) { return 0; }
    }

    private double Units(Stage stage, Func<string, Stage?> find) => stage.Kind switch
    {
        DataStage.Kind => Thousands(stage),
        SplitStage.Kind => Splitting(stage.Read<SplitStageOptions>(), Thousands(find(stage.Of(StageInputs.Data).Id))),
        CopiesStage.Kind => Math.Pow(Thousands(find(stage.Of(StageInputs.Data).Id)), 2),
        GeneratorStage.Kind => Billions(stage.Read<GeneratorStageOptions>(), find(stage.Of(StageInputs.Data).Id)),
        GenerateStage.Kind => stage.Read<GenerateStageOptions>().Count / 1000.0,
        ClassifierStage.Kind => Learning(stage.Read<ClassifierOptions>(), stage, find),
        _ => 1,
    };

    /// <summary>Copies are looked for by comparing every image with every other.</summary>
    private static double Splitting(SplitStageOptions split, double thousands) =>
        split.KeepCopiesTogether ? thousands + .04 * thousands * thousands : thousands;

    private double Learning(ClassifierOptions c, Stage stage, Func<string, Stage?> find) =>
        Steps(c, stage, find) * c.Batch / 1000.0 * Work(c);

    private double Thousands(Stage? data) => Images(data) / 1000.0;

    private double Steps(ClassifierOptions c, Stage stage, Func<string, Stage?> find)
    {
        if (c.Steps is { } steps) return steps;
        var selection = find(stage.Of(StageInputs.Selection).Id);
        var images = selection?.Read<SelectStageOptions>().Parts.Sum(p => p.Fraction * ImagesOf(p)) ?? UsualSet;
        return c.Epochs * images / c.Batch;

        double ImagesOf(TrainingPart part)
        {
            if (part.Set == TrainingPart.Real)
                return Share(part.Role, find(selection.Of(StageInputs.Split).Id)) * Images(find(stage.Of(StageInputs.Data).Id));
            var set = find(selection.Of($"{StageInputs.Set} {part.Set}").Id);
            return set is { Kind: GenerateStage.Kind } ? set.Read<GenerateStageOptions>().Count : UsualSet;
        }
    }

    /// <summary>Operations of a generator's training, in billions times thousands of images.</summary>
    private static double Billions(GeneratorStageOptions g, Stage? data) =>
        g.Options.Kimg * GanOperations.PerImage(g.Options, Shape(g.Resolution, data), 2) / 1e9;

    /// <summary>
    /// Of a training step's image, the screening net's at its own size being 1: by multiply-adds, of which depthwise convolutions
    /// do far fewer in a second.
    /// </summary>
    private static double Work(ClassifierOptions c)
    {
        double At(int side) => ClassifierNet.MultiplyAdds(c.Arch, side);
        var mean = c.EarlyShare * At(c.EarlySize) + (1 - c.EarlyShare) * At(c.Size);
        // Frozen, each image goes through the network once and not back, which is a third of a step, whatever the epochs.
        var passes = c.Frozen ? 1 / (3.0 * c.Epochs) : 1;
        var slowness = ClassifierNet.IsDepthwise(c.Arch) ? DepthwiseSlowness : 1;
        return passes * mean / ClassifierNet.MultiplyAdds("screening", 32) * slowness;
    }

    /// <summary>Of real images; of those for generators what is usual, since a set's own parts come first.</summary>
    private static double Share(Role role, Stage? split) =>
        role == Role.Generator ? .7 : split?.Read<SplitStageOptions>().Shares.Share(role) ?? .2;

    /// <summary>
    /// Of a generator's images, as far as it is known before they are read; for a size that no generator makes, some other.
    /// </summary>
    private static ImageShape Shape(int? resolution, Stage? data)
    {
        var d = data?.Read<DataStageOptions>();
        var side = resolution ?? d?.Toy?.Size ?? d?.Reading.Height ?? UsualSide;
        if (Pyramid.BaseOf(side) == 0) side = UsualSide;
        return new(d?.Toy?.Channels ?? d?.Reading.Channels ?? 1, side, side);
    }

    /// <summary>Images of a data stage: drawn, counted when it was read, or a guess.</summary>
    private int Images(Stage? data)
    {
        if (data?.Read<DataStageOptions>().Toy is { } toy) return toy.Count;
        var summary = data is null ? "" : Path.Combine(_stages, data.Id, DataStage.Summary);
        return File.Exists(summary) ? StrictJson.ReadFile<DataSummary>(summary).Count : 30_000;
    }

    private static (Stage, double)? Finished(string folder)
    {
        var (spec, times) = (Path.Combine(folder, StageFolder.SpecFile), Path.Combine(folder, StageFolder.TimesFile));
        if (!File.Exists(Path.Combine(folder, StageFolder.DoneFile)) || !File.Exists(spec) || !File.Exists(times)) return null;
        try { return (StrictJson.ReadFile<Stage>(spec), StageFolder.ReadSeconds(times)); }
        catch (Exception e) when (e is InvalidDataException or IOException) { return null; /* another version's */ }
    }
}
