using Understudy.Common;
using Understudy.Studies.Kinds;
using Understudy.Training.Classification;

namespace Understudy.Studies;

/// <summary>
/// Turns a time into work, once: a few seconds of each generator's and each classifier's training are measured on this machine, as
/// many at once as the study will run, and kimg and epochs fitted to what they show.
/// </summary>
internal sealed class Probe(Study study, Plan plan, Executor executor, string stages)
{
    /// <summary>What starting a process and loading its images costs beside the training.</summary>
    private const double ProcessSeconds = 2;

    private readonly CostModel _costs = new(stages);

    public Budget Fit(double minutes, ProgressSink progress, CancellationToken cancel)
    {
        progress.Say($"measuring this machine, to fit the study into {Human.Count(minutes)} minutes");
        var beginning = plan.Stages.Where(s => s.Kind is "data" or "split" or "weights").ToList();
        var training = plan.Stages.Where(s => s.Kind is "generator" or "classifier").ToList();
        var probes = training.ToDictionary(s => s.Id, ProbeOf);
        executor.Run([.. beginning, .. probes.Values.DistinctBy(p => p.Id)], cancel);
        var measured = training.ToDictionary(s => s.Id, s => Seconds(s, Read(probes[s.Id])));
        var others = plan.Stages.Except(training).Except(beginning).ToDictionary(s => s.Id, s => _costs.Seconds(s, plan));
        var slowness = measured.Values.Sum() / Math.Max(training.Sum(s => _costs.Seconds(s, plan)), 1e-9);
        return Budget.Fit(study, minutes, slowness, (kimg, epochs) => Schedule.Seconds(plan.Stages, executor.Jobs, s => s.Kind switch
        {
            "generator" => ProcessSeconds + kimg * measured[s.Id],
            "classifier" => ProcessSeconds + epochs * measured[s.Id],
            _ => others.GetValueOrDefault(s.Id),
        }));
    }

    private ProbeRecord Read(Stage probe) => StrictJson.ReadFile<ProbeRecord>(Path.Combine(new StageFolder(stages, probe).Path, ProbeStage.File));

    private static Stage ProbeOf(Stage stage) => new($"probe of {stage.Label}", "probe", StageKinds.Get("probe").Version, 0,
        StrictJson.WriteLine(stage.Kind == "generator" ? new ProbeStageOptions(stage.Read<GeneratorStageOptions>(), null) : new(null, stage.Read<ClassifierOptions>())),
        [.. stage.Inputs.Where(i => i.Name is "data" or "split" or WeightsStage.Input)]);

    /// <summary>Of a whole training, by what its probe measured.</summary>
    private double Seconds(Stage stage, ProbeRecord probe) => stage.Kind == "generator"
        ? stage.Read<GeneratorStageOptions>().Options.Kimg * probe.SecondsPerUnit
        : stage.Read<ClassifierOptions>().Epochs * probe.FixedSeconds / 2 + _costs.Steps(stage, plan) * probe.SecondsPerUnit;
}
