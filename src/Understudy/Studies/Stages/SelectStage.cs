using Understudy.Common;
using Understudy.Data;

namespace Understudy.Studies.Stages;

internal sealed record SelectStageOptions(IReadOnlyList<TrainingPart> Parts, LabelOrigin Labels);

/// <summary>Writes what a classifier is to be taught: which images, as which classes.</summary>
internal sealed class SelectStage() : StageKind(Kind, 1)
{
    public const string Kind = "select";

    public const string File = "selection.csv";

    /// <summary>The reason of a row whose label was drawn from another.</summary>
    public const string Shuffled = "shuffled";

    public override void Run(StageContext stage)
    {
        var options = stage.Options<SelectStageOptions>();
        var real = ImageSetFile.Load(stage.Input(StageInputs.Data, DataStage.Images));
        var split = Split.Load(stage.Input(StageInputs.Split, SplitStage.File));
        var rows = new List<SelectedImage>();
        foreach (var part in options.Parts)
        {
            var set = part.Set == TrainingPart.Real
                ? real : ImageSetFile.Load(stage.Input($"{StageInputs.Set} {part.Set}", DataStage.Images));
            if (!set.Classes.Equals(real.Classes))
                throw new InvalidDataException($"set '{part.Set}' has the classes [{set.Classes}], the data [{real.Classes}]: "
                    + "they must be the same in the same order");
            var all = part.Set == TrainingPart.Real ? split.Indices(set, part.Role) : [.. Enumerable.Range(0, set.Count)];
            if (all.Length == 0)
            {
                throw new InvalidDataException($"no image of '{part.Set}' has the role {part.Role.Word()}; give that role a "
                    + "share in split");
            }
            rows.AddRange(Selection.Of(part.Set, set, Share(set, all, part.Fraction, stage.Seed)).Rows);
        }
        if (options.Labels == LabelOrigin.Shuffled)
        {
            var labels = rows.Select(r => r.Label).ToArray();
            new KeyedRandom(stage.Seed, "shuffle").Shuffle<int>(labels);
            rows = [.. rows.Select((r, i) => r with { Label = labels[i], Reason = Shuffled })];
        }
        new Selection(real.Classes, rows).Save(stage.Output(File));
    }

    /// <summary>The same share of every class, at least one image; a smaller share is part of a larger one.</summary>
    private static int[] Share(ImageSet set, int[] indices, double fraction, ulong seed)
    {
        if (fraction >= 1) return indices;
        var taken = new List<int>();
        foreach (var ofClass in indices.GroupBy(i => set.Labels[i]).OrderBy(g => g.Key))
        {
            var order = ofClass.ToArray();
            new KeyedRandom(seed, "fraction", ofClass.Key).Shuffle<int>(order);
            taken.AddRange(order.Take(Math.Max(1, (int)Math.Round(fraction * order.Length))));
        }
        taken.Sort();
        return [.. taken];
    }
}
