using Understudy.Common;
using Understudy.Studies.Stages;

namespace Understudy.Studies;

/// <summary>Every kind of stage there is.</summary>
internal static class StageKinds
{
    private static readonly StageKind[] All =
        [new DataStage(), new SplitStage(), new GeneratorStage(), new GenerateStage(), new SelectStage(), new ClassifierStage(),
            new PredictStage(), new ProbeStage(),
            new CopiesStage(), new VotesStage(), new WeightsStage(), new ReportStage()];

    public static StageKind Get(string name) => Array.Find(All, k => k.Name == name)
        ?? throw new InvalidDataException($"stage kind '{name}' is unknown: the plan was made by another "
            + $"version{Closest.Hint(name, [.. All.Select(k => k.Name)])}");
}
