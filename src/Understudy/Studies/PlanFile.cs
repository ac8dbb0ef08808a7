using Understudy.Common;

namespace Understudy.Studies;

/// <summary>
/// plan.json: what a study's folder is for. A resumed study does what stands here, not what a new look would plan.
/// </summary>
/// <param name="Identity">Hash of the study as it was asked for, before a time budget was turned into kimg and epochs.</param>
/// <param name="Stages">Folder of the stages, relative to the study's folder where it is beside it.</param>
/// <param name="Budget">What <c>--minutes</c> was turned into, once.</param>
internal sealed record PlanFile(int Format, string Name, string Identity, ulong RootSeed, string StagesFolder, Budget? Budget,
    IReadOnlyList<Stage> Stages)
{
    public const string FileName = "plan.json";

    private const int CurrentFormat = 1;

    public static PlanFile Of(Plan plan, string identity, ulong rootSeed, string studyFolder, string stages, Budget? budget)
    {
        var relative = Path.GetRelativePath(studyFolder, stages);
        return new(CurrentFormat, plan.Name, identity, rootSeed, relative.Replace('\\', '/'), budget, plan.Stages);
    }

    /// <summary>The stages' folder, seen from the study's.</summary>
    public string StagesIn(string studyFolder) => Path.GetFullPath(Path.Combine(studyFolder, StagesFolder));

    public void Save(string studyFolder) => AtomicFile.WriteText(Path.Combine(studyFolder, FileName), StrictJson.Write(this));

    /// <summary>The plan of a study's folder, or null where it holds none.</summary>
    /// <exception cref="InvalidDataException">Another version's, or damaged.</exception>
    public static PlanFile? Find(string studyFolder)
    {
        var path = Path.Combine(studyFolder, FileName);
        if (!File.Exists(path)) return null;
        var plan = StrictJson.ReadFile<PlanFile>(path);
        return plan.Format == CurrentFormat && plan.Stages.Count > 0 ? plan
            : throw new InvalidDataException($"{path}: has format {plan.Format}; this version reads {CurrentFormat}. Run the "
                + "study anew with another --out");
    }
}
