using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Studies.Stages;
using Understudy.Synthesis;
using Understudy.Training;
using Understudy.Training.Classification;

namespace Understudy.Studies.Doctor;

/// <summary>
/// One finished stage of a study, under the name by which its report knows it: "data", "predictions real/screening/0".
/// </summary>
internal sealed record FinishedStage(string Name, Stage Stage, string Folder)
{
    public string File(string name) => Path.Combine(Folder, name);
}

/// <summary>What the stages of a study left, as artefacts.</summary>
internal sealed class StudyArtefacts
{
    private readonly Dictionary<string, Artefact> _read = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<FinishedStage> _stages;
    private readonly Split? _split;
    private readonly ClassNames? _classes;

    private StudyArtefacts(IReadOnlyList<FinishedStage> stages)
    {
        _stages = stages;
        _split = Find(StageInputs.Split) is { } split ? Split.Load(split.File(SplitStage.File)) : null;
        _classes = Find(StageInputs.Data) is { } data ? ImageSetFile.ReadClasses(data.File(DataStage.Images)) : null;
    }

    /// <param name="stages">Inputs of the study's report, as far as they are done.</param>
    /// <exception cref="InvalidDataException">A file that is damaged.</exception>
    public static IReadOnlyList<Artefact> Of(IReadOnlyList<FinishedStage> stages)
    {
        var study = new StudyArtefacts(stages);
        return [.. stages.Select(study.Read).OfType<Artefact>()];
    }

    /// <summary>Of a study's folder.</summary>
    /// <param name="open">Stages of it that are not done.</param>
    public static IReadOnlyList<Artefact> Of(string folder, PlanFile plan, out int open)
    {
        var stages = plan.StagesIn(folder);
        var byId = plan.Stages.ToDictionary(s => s.Id, StringComparer.Ordinal);
        open = plan.Stages.Count(s => !new StageFolder(stages, s).IsDone);
        return Of([.. plan.Stages[^1].Inputs.Select(i =>
            new FinishedStage(i.Name, byId[i.Id], new StageFolder(stages, byId[i.Id]).Path))
            .Where(s => new StageFolder(stages, s.Stage).IsDone)]);
    }

    private FinishedStage? Find(string name) => _stages.FirstOrDefault(s => s.Name == name);

    /// <summary>Arms and seeds can share a stage: it is read once.</summary>
    private Artefact? Read(FinishedStage stage)
    {
        var at = stage.Name.IndexOf(' ', StringComparison.Ordinal);
        var (kind, of) = at < 0 ? (stage.Name, null) : (stage.Name[..at], stage.Name[(at + 1)..]);
        var key = $"{kind} {stage.Stage.Id}";
        if (!_read.TryGetValue(key, out var artefact))
        {
            if (Opened(kind, stage) is not { } opened) return null;
            _read[key] = artefact = opened;
        }
        return artefact with
        {
            Name = kind == StageInputs.Predictions ? $"test {of}" : stage.Name,
            Run = kind is StageInputs.Selection or StageInputs.Classifier or StageInputs.Predictions ? of : null,
        };
    }

    /// <summary>
    /// A file that is damaged, or another version's, is told like other faults: the rest of the study can still be looked at.
    /// </summary>
    private Artefact? Opened(string kind, FinishedStage stage)
    {
        try { return Open(kind, stage); }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return new(stage.Name, ArtefactKind.Unreadable) { Trouble = e.Message };
        }
    }

    private Artefact? Open(string kind, FinishedStage stage) => kind switch
    {
        StageInputs.Data => Artefact.Of(stage.Name, ImageSetFile.Load(stage.File(DataStage.Images))),
        StageInputs.Split when _split is not null => Artefact.Of(stage.Name, _split),
        StageInputs.Generator => Artefact.Of(stage.Name, GeneratorFile.ReadCard(stage.File(GeneratorStage.File))) with
        {
            Roles = stage.Stage.Read<GeneratorStageOptions>().TrainOn,
        },
        StageInputs.Set when stage.Stage.Kind == GenerateStage.Kind =>
            Artefact.Of(stage.Name, Manifest.Load(stage.File(GenerateStage.Zip))),
        StageInputs.Set =>
            new(stage.Name, ArtefactKind.SyntheticImages) { Classes = ImageSetFile.ReadClasses(stage.File(DataStage.Images)) },
        StageInputs.Selection when _classes is not null => Of(stage.Name, Selection.Load(stage.File(SelectStage.File), _classes)),
        StageInputs.Classifier => Artefact.Of(stage.Name, TrainedClassifier.ReadAbout(stage.File(ClassifierStage.File))) with
        {
            Chose = SeenImages.Find(stage.File(ClassifierStage.Folder))?.Chose.ToHashSet(StringComparer.Ordinal),
        },
        StageInputs.Predictions => Artefact.Of(stage.Name, PredictionTable.Load(stage.File(PredictStage.File))),
        _ => null,
    };

    /// <summary>Ids of synthetic sets can be those of real images by chance: only real ones are held against tests.</summary>
    private static Artefact Of(string name, Selection selection) => new(name, ArtefactKind.Selection)
    {
        Trained = selection.Rows.Where(r => r.Source == TrainingPart.Real).Select(r => r.Id).ToHashSet(StringComparer.Ordinal),
        Shuffled = selection.Rows.Count > 0 && selection.Rows.All(r => r.Reason == SelectStage.Shuffled),
    };
}
