using Understudy.Common;
using Understudy.Studies.Stages;
using Understudy.Training.Classification;

namespace Understudy.Studies;

/// <summary>
/// Turns a time into work, once: a few seconds of each generator's and each classifier's training are measured on this machine,
/// as many at once as the study will run, and kimg and epochs fitted to what they show.
/// </summary>
internal sealed class BudgetProbe(Study study, Plan plan, Executor executor, string stages)
{
    /// <summary>What a training costs before its first step, which no probe measures: its images are loaded.</summary>
    private const double LoadSeconds = 1;

    private readonly CostModel _costs = new(stages);

    public Budget Fit(double minutes, ProgressSink progress, CancellationToken cancel)
    {
        progress.Say($"measuring this machine, to fit the study into {Human.Count(minutes)} minutes");
        var beginning = plan.Stages.Where(s => s.Kind is DataStage.Kind or SplitStage.Kind or WeightsStage.Kind).ToList();
        var training = plan.Stages.Where(s => s.Kind is GeneratorStage.Kind or ClassifierStage.Kind).ToList();
        var probes = training.ToDictionary(s => s.Id, ProbeOf);
        executor.Run([.. beginning, .. probes.Values.DistinctBy(p => p.Id)], cancel);
        var measured = training.ToDictionary(s => s.Id, s => Seconds(s, Read(probes[s.Id])));
        var others = plan.Stages.Except(training).Except(beginning).ToDictionary(s => s.Id, s => _costs.Seconds(s, plan.Stages));
        var slowness = measured.Values.Sum() / Math.Max(training.Sum(s => _costs.Seconds(s, plan.Stages)), 1e-9);
        return Budget.Fit(study, minutes, slowness,
            (kimg, epochs) => Schedule.Seconds(plan.Stages, executor.Jobs, s => s.Kind switch
            {
                GeneratorStage.Kind => CostModel.StartSeconds + LoadSeconds + kimg * measured[s.Id],
                ClassifierStage.Kind => CostModel.StartSeconds + LoadSeconds + epochs * measured[s.Id],
                _ => others.GetValueOrDefault(s.Id),
            }));
    }

    private ProbeRecord Read(Stage probe) =>
        StrictJson.ReadFile<ProbeRecord>(Path.Combine(new StageFolder(stages, probe).Path, ProbeStage.File));

    private Stage ProbeOf(Stage stage) =>
        new($"probe of {stage.Label}", ProbeStage.Kind, StageKinds.Get(ProbeStage.Kind).Version, 0,
        StrictJson.WriteLine(stage.Kind == GeneratorStage.Kind
            ? new ProbeStageOptions(stage.Read<GeneratorStageOptions>(), null, executor.Jobs, executor.Threads)
            : new(null, stage.Read<ClassifierOptions>(), executor.Jobs, executor.Threads)),
        [.. stage.Inputs.Where(i => i.Name is StageInputs.Data or StageInputs.Split or StageInputs.Weights)]);

    /// <summary>Of a whole training, by what its probe measured.</summary>
    private double Seconds(Stage stage, ProbeRecord probe) => stage.Kind == GeneratorStage.Kind
        ? stage.Read<GeneratorStageOptions>().Options.Kimg * probe.SecondsPerUnit
        : stage.Read<ClassifierOptions>().Epochs * probe.FixedSeconds / 2
            + _costs.Steps(stage, plan.Stages) * probe.SecondsPerUnit;
}
