using Understudy.Common;
using Understudy.Data;

namespace Understudy.Studies.Stages;

/// <param name="Content">Hash of what the stage's location holds; null for drawn faces.</param>
internal sealed record DataStageOptions(ToyFacesOptions? Toy, ImageReading Reading, string? Content);

/// <summary>Draws faces or reads a path, into one file that later stages read fast.</summary>
internal sealed class DataStage() : StageKind(Kind, 2)
{
    public const string Kind = "data";

    /// <summary>Whether an input's images are drawn: nobody's faces.</summary>
    public static bool IsDrawn(StageContext stage) =>
        StrictJson.ReadFile<DataSummary>(stage.Input(StageInputs.Data, Summary)).Drawn;

    public const string Images = "images.safetensors", Summary = "data.json";

    public override void Run(StageContext stage)
    {
        var options = stage.Options<DataStageOptions>();
        if (options.Toy is null) stage.Restrict();
        IReadOnlyList<SkippedFile> skipped = [];
        var set = options.Toy is { } toy ? ToyFaces.Draw(toy).Set : Read(stage, options.Reading, out skipped);
        stage.Cancel.ThrowIfCancellationRequested();
        if (options.Content is { } content) InputContent.RequireUnchanged(stage.Location!, content);
        if (skipped.Count > 0)
        {
            stage.Progress.Say(
                $"{stage.Location}: {skipped.Count} files left out, the first: {skipped[0].Path}: {skipped[0].Reason}");
        }
        ImageSetFile.Save(stage.Output(Images), set);
        AtomicFile.WriteText(stage.Output(Summary), StrictJson.Write(new DataSummary(
            options.Toy is null ? $"{Path.GetFileName(stage.Location!.TrimEnd('/', '\\'))}, {set.Shape}"
                : $"drawn faces (toy), {set.Shape}",
            options.Toy is not null, set.Count, [.. set.Classes], set.CountsPerClass(),
                [.. skipped.Select(s => $"{s.Path}: {s.Reason}")])));
    }

    private static ImageSet Read(StageContext stage, ImageReading reading, out IReadOnlyList<SkippedFile> skipped)
    {
        try
        {
            return ImageSources.Read(stage.Location!, reading, stage.Progress, out skipped);
        }
        catch (InvalidDataException e) when (SkippedFile.InStudy(e.Message) is var message && message != e.Message)
        {
            throw new InvalidDataException(message, e);
        }
    }
}

/// <param name="Drawn">Nobody's faces: they may be shown.</param>
internal sealed record DataSummary(string Source, bool Drawn, int Count, IReadOnlyList<string> Classes,
    IReadOnlyList<int> Counts, IReadOnlyList<string> Skipped);
