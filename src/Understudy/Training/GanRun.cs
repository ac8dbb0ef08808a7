using Understudy.Common;
using Understudy.Data;

namespace Understudy.Training;

/// <summary>What makes a training run what it is, as saved in options.json and in the header of every checkpoint.</summary>
/// <param name="Format">The version of this record.</param>
/// <param name="Data">Fingerprint of the images.</param>
/// <param name="Split">Hash of the split they were chosen by, or empty.</param>
/// <param name="Classes">Class names in label order.</param>
public sealed record GanRun(string Format, ulong Seed, string Data, string Split, IReadOnlyList<string> Classes, ImageShape Shape, GanTrainingOptions Options)
{
    /// <summary>The format this code writes and reads.</summary>
    public const string CurrentFormat = "understudy/gan-run/1";

    /// <summary>The run whose folder this is.</summary>
    /// <exception cref="InvalidDataException">No run, or one of another version.</exception>
    public static GanRun Load(string folder)
    {
        var path = Path.Combine(folder, "options.json");
        if (!File.Exists(path)) throw new InvalidDataException($"{folder} holds no generator's run: {path} is missing");
        var run = StrictJson.ReadFile<GanRun>(path);
        if (run.Format != CurrentFormat)
            throw new InvalidDataException($"{path}: format '{run.Format}' is not {CurrentFormat}; use the version of understudy that wrote it");
        return run;
    }
}
