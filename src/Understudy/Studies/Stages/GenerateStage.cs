using Understudy.Common;
using Understudy.Data;
using Understudy.Synthesis;

namespace Understudy.Studies.Stages;

/// <param name="Size">Pixels a side of what later stages read; null: as drawn. The zip holds the images as drawn.</param>
/// <param name="Sampling">Without its seed, which is the stage's.</param>
/// <param name="Snapshot">Of which moment of its training the generator is.</param>
internal sealed record GenerateStageOptions(int Count, int? Size, SamplingOptions Sampling,
    Snapshot Snapshot = Snapshot.Last);

/// <summary>
/// Draws a synthetic set, evenly over the classes: a zip for people and other tools, and one file that later stages read fast.
/// </summary>
internal sealed class GenerateStage() : StageKind(Kind, 2, child: true)
{
    public const string Kind = "generate";

    public const string Zip = "images.zip";

    public override void Run(StageContext stage)
    {
        StageThreads.Use(stage.Threads);
        var options = stage.Options<GenerateStageOptions>();
        var sampling = options.Sampling with { Seed = stage.Seed };
        var file = stage.Input(StageInputs.Generator,
            options.Snapshot == Snapshot.Best ? GeneratorStage.Best : GeneratorStage.File);
        if (!File.Exists(file))
        {
            throw new InvalidDataException("the generator has no best snapshot: none of it could be measured; give the set "
                + "snapshot: last");
        }
        using var sampler = Sampler.Load(file);
        var set = sampler.Draw(Sampler.EvenCounts(options.Count, sampler.Classes.Count), sampling, stage.Progress, stage.Cancel);
        var manifest = Manifest.Of(sampler, set, sampling);
        ImageSetWriter.Write(stage.Output(Zip), set, StrictJson.Write(manifest), manifest.PngText, stage.Progress,
            overwrite: true);
        ImageSetFile.Save(stage.Output(DataStage.Images), options.Size is { } side ? Resizer.Resize(set, side, side) : set);
    }
}
