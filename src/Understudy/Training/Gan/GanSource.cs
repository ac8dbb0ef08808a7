using Understudy.Common;
using Understudy.Data;

namespace Understudy.Training;

/// <summary>
/// Where a run's images came from, so that it can be taken up by naming its folder: <c>source.json</c>, and the split beside it.
/// </summary>
/// <param name="Data">Full path of the images.</param>
/// <param name="Roles">Whose images of the split were trained on; empty: all images, without a split.</param>
internal sealed record GanSource(string Format, string Data, ImageReading Reading, IReadOnlyList<Role> Roles)
{
    private const string CurrentFormat = "understudy/gan-source/1";

    /// <summary>The file's name in the run's folder.</summary>
    internal const string FileName = "source.json";

    public static GanSource Of(string data, ImageReading reading, IReadOnlyList<Role> roles) =>
        new(CurrentFormat, Path.GetFullPath(data), reading, roles);

    /// <summary>Writes it into a run's folder, with the split, and marks it: what is learnt from images may show them.</summary>
    public void Save(string run, Split? split)
    {
        Restricted.Mark(run);
        AtomicFile.WriteText(Path.Combine(run, FileName), StrictJson.Write(this));
        split?.Save(Path.Combine(run, Split.FileName));
    }

    /// <summary>Whether a run's folder says where its images came from.</summary>
    public static bool Exists(string run) => File.Exists(Path.Combine(run, FileName));

    /// <exception cref="InvalidDataException">The folder holds no run that was started from the command line.</exception>
    public static (GanSource Source, Split? Split) Load(string run)
    {
        var path = Path.Combine(run, FileName);
        if (!Exists(run))
        {
            throw new InvalidDataException($"{run} holds no generator's run: {path} is missing; start one with: understudy gan "
                + $"train DATA --out {run}");
        }
        var source = StrictJson.ReadFile<GanSource>(path);
        if (source.Format != CurrentFormat)
        {
            throw new InvalidDataException($"{path}: format '{source.Format}' is not {CurrentFormat}; "
                + "start a new run in another folder with --out, or use the version of understudy that wrote it");
        }
        return (source, source.Roles.Count > 0 ? Split.Load(Path.Combine(run, Split.FileName)) : null);
    }

    /// <summary>The images to train on.</summary>
    public ImageSet Read(Split? split, ProgressSink progress)
    {
        var set = ImageSources.Read(Data, Reading, progress);
        return split is null ? set : set.Subset(split.RequiredIndices(set, [.. Roles]));
    }
}
