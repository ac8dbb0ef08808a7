using System.CommandLine;
using Understudy.Cli.Verbs.Options;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Synthesis;
using Understudy.Training;

namespace Understudy.Cli.Verbs.Gan;

/// <summary>Which network of a training is exported.</summary>
internal enum GanPart { Generator, Live, Discriminator }

/// <summary><c>gan export</c>: weights and models for other programs.</summary>
internal static class ExportVerb
{
    private const string Onnx = ".onnx", Safetensors = ".safetensors";

    private static readonly GeneratorArgument From = new();
    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = "The file to write: .safetensors (the state dictionary) or .onnx (a model)",
        Required = true,
        HelpName = "FILE",
    };
    private static readonly WordOption<GanPart> Part = new("--part",
        "Of a run or checkpoint: the averaged generator, the live one, or the discriminator; the last two as .safetensors",
        GanPart.Generator);
    private static readonly DrawingOptions Drawing = new(fresh: false);

    public static Command Create() => Drawing.AddTo(new Command("export", """
        Write a generator for other programs: a state dictionary, or an ONNX model.

        The state dictionary (.safetensors) has the reference implementation's names, for PyTorch and whatever
        else reads it. The ONNX model goes from z (and one-hot c) to image, float32, about −1 to 1; --psi, --center
        and --noise are fixed in it.

        Examples:
          understudy gan export runs/faces --out faces.safetensors
          understudy gan export runs/faces --out faces.onnx --psi 0.8 --center class
          understudy gan export runs/faces --part discriminator --out critic.safetensors
        """)
    {
        From, Out, Part,
    }).Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        var (from, path, part) = (From.Path(a), a.GetValue(Out)!, Part.In(a));
        var psi = Drawing.Psi(a);
        var onnx = path.EndsWith(Onnx, StringComparison.OrdinalIgnoreCase);
        OptionException.RequireRange("psi", psi, -2, 2);
        if (!onnx && Drawing.IsGiven(a))
        {
            throw new OptionException("--psi, --center, --noise: become part of an ONNX model only; weights are the same for all, "
                + $"leave them out or name a file that ends in {Onnx}");
        }
        if (part != GanPart.Generator)
        {
            if (onnx) throw new OptionException($"--part {part.Word()}: is exported as {Safetensors} only");
            return WritePart(session, from, path, part);
        }
        using var sampler = Sampler.Load(from);
        if (onnx)
        {
            var perClass = Drawing.Center(a) == Center.Class && psi != 1;
            if (perClass && sampler.Network.Options.LabelDim != sampler.Classes.Count)
            {
                throw new OptionException("--center class: the model picks a class's centre by one-hot labels, "
                    + "which this generator does not take; give global");
            }
            var centers = perClass ? sampler.ClassMeans : null;
            GeneratorOnnx.Write(path, sampler.Network, Drawing.Noise(a), psi, centers, new Dictionary<string, string>
            {
                ["classes"] = StrictJson.WriteLine(sampler.Classes.ToArray()),
                ["generator"] = sampler.GeneratorHash,
                ["software"] = SyntheticMark.Software,
            });
        }
        else
        {
            GeneratorFile.Save(path, sampler.Network, sampler.Card, plain: true);
        }
        session.Output.WriteLine($"{path}: {(onnx ? "ONNX, z" : "state dictionary, z")} {sampler.Network.Options.ZDim}, "
            + $"{sampler.Classes.Count} classes ({sampler.Classes}), images of {sampler.Shape}");
        return CommandLine.Done;
    }

    /// <summary>The arrays of one network in a checkpoint, under their own names.</summary>
    private static int WritePart(Session session, string from, string path, GanPart part)
    {
        var file = Directory.Exists(from) ? Newest(from) : from;
        var prefix = part == GanPart.Live ? "generator." : "discriminator.";
        var content = SafetensorsFile.Read(file);
        var entries = content.Entries.Where(e => e.Key.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        if (entries.Count == 0)
            throw new InvalidDataException($"{file}: holds no arrays '{prefix}…'; give a run's folder or one of its checkpoints");
        if (part == GanPart.Live)
        {
            using var generator = GeneratorFile.LoadLive(file);
            Weights.Save(path, generator, new Dictionary<string, string> { ["software"] = SyntheticMark.Software });
        }
        else
        {
            TrainingState.RequireSound(content, file);
            SafetensorsFile.Write(path, new Dictionary<string, string> { ["software"] = SyntheticMark.Software },
                entries.Select(e => (e.Key[prefix.Length..], e.Value.Dtype, e.Value.Shape, e.Value.Data)));
        }
        var what = part == GanPart.Live ? "generator as it is being trained" : "discriminator";
        session.Output.WriteLine($"{path}: {entries.Count} arrays of the {what}, from {file}");
        return CommandLine.Done;
    }

    private static string Newest(string run)
    {
        var all = new Checkpoints(Path.Combine(run, RunDirectory.CheckpointsName)).All;
        return all.Count > 0 ? all.MaxBy(c => c.Step).Path
            : throw new InvalidDataException($"{run}: holds no checkpoint, which alone has that network");
    }
}
