using System.Globalization;
using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation.Utility;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Training.Classification;

/// <summary>What a classifier's file says of it.</summary>
/// <param name="Options">Of its training, fully resolved.</param>
/// <param name="Channels">Of the images it takes: 1 (grey) or 3 (RGB).</param>
/// <param name="SplitHash">Of the split its training and validation images are from.</param>
/// <param name="Best">The epoch whose averaged weights these are; its NLL is that of temperature 1.</param>
/// <param name="Temperature">Applied to its probabilities: fitted to the validation images where the options say so, else
/// 1.</param>
public sealed record ClassifierAbout(
    ClassifierOptions Options, ClassNames Classes, int Channels, string SplitHash, ulong Seed, EpochStats Best,
    double Temperature = 1);

/// <summary>A classifier in use: its network in evaluation mode, and what its file says of it.</summary>
public sealed class TrainedClassifier : IDisposable
{
    /// <summary>The format this code writes and reads.</summary>
    public const string Format = Family + "3";

    /// <summary>How the format of every version begins.</summary>
    internal const string Family = "understudy/classifier/";

    private TrainedClassifier(nn.Module<Tensor, Tensor> net, ClassifierAbout about) => (Net, About) = (net, about);

    /// <summary>[N, C, size, size] in [−1, 1] to logits [N, K].</summary>
    public nn.Module<Tensor, Tensor> Net { get; }

    public ClassifierAbout About { get; }

    /// <summary>The shape of the images the network takes.</summary>
    public ImageShape Shape => new(About.Channels, About.Options.Size, About.Options.Size);

    /// <summary>Reads a classifier.</summary>
    /// <exception cref="InvalidDataException">Not such a file, of another format version, or weights that do not fit its
    /// options.</exception>
    public static TrainedClassifier Load(string path)
    {
        var content = SafetensorsFile.Read(path);
        var about = Parse(content.Metadata, path);
        TensorRuntime.Prepare();
        var (o, side) = (about.Options, about.Options.Size);
        var net = Named(path, () => ClassifierNet.Uninitialised(
            o.Arch, new(about.Channels, side, side), about.Classes.Count, o.Dropout, o.Normalise));
        Weights.Load(content, ClassifierNet.Inside(net), source: path);
        net.eval();
        return new(net, about);
    }

    /// <summary>A copy of the network whose convolutions are bfloat16, in evaluation mode.</summary>
    internal nn.Module<Tensor, Tensor> Rounded()
    {
        var o = About.Options;
        var copy = Rounding.Apply(ClassifierNet.Uninitialised(o.Arch, Shape, About.Classes.Count, o.Dropout, o.Normalise),
            Precision.BFloat16);
        Weights.CopyState(Net, copy);
        copy.eval();
        return copy;
    }

    /// <summary>Only what the file says, without its weights: no tensor is touched.</summary>
    /// <exception cref="InvalidDataException">Not such a file, or of another format version.</exception>
    public static ClassifierAbout ReadAbout(string path) => Parse(SafetensorsFile.ReadMetadata(path), path);

    public void Dispose() => Net.Dispose();

    /// <summary>Writes what a training came to, its temperature fitted where the options say so.</summary>
    /// <param name="net">Put into evaluation mode.</param>
    internal static void SaveTrained(string path, nn.Module<Tensor, Tensor> net, ClassifierAbout about, ImageSet validation)
    {
        if (about.Options.Calibrate)
        {
            net.eval();
            var probabilities = ClassifierPredictor.Probabilities(new(net, about), validation);
            about = about with
            {
                Temperature = TemperatureScaling.Fit(new([.. about.Classes], validation.Ids, validation.Labels, probabilities))
            };
        }
        Save(path, net, about);
    }

    internal static void Save(string path, nn.Module<Tensor, Tensor> net, ClassifierAbout about) =>
        Weights.Save(path, ClassifierNet.Inside(net), Header(about));

    private static Dictionary<string, string> Header(ClassifierAbout about)
    {
        var header = new Dictionary<string, string>
        {
            ["format"] = Format,
            ["options"] = StrictJson.WriteLine(about.Options),
            ["classes"] = StrictJson.WriteLine(about.Classes.ToArray()),
            ["channels"] = about.Channels.ToString(CultureInfo.InvariantCulture),
            ["split"] = about.SplitHash,
            ["seed"] = about.Seed.ToString(CultureInfo.InvariantCulture),
            ["best"] = StrictJson.WriteLine(about.Best),
        };
        // Only where it was fitted: other files stay as they were.
        if (about.Options.Calibrate) header["temperature"] = StrictJson.WriteLine(about.Temperature);
        return header;
    }

    /// <summary>What does not fit is the file's fault, and told with its path.</summary>
    private static T Named<T>(string path, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (Exception e) when (e is OptionException
            || (e is InvalidDataException && !e.Message.StartsWith(path, StringComparison.Ordinal)))
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    private static ClassifierAbout Parse(IReadOnlyDictionary<string, string> header, string path)
    {
        if (header.GetValueOrDefault("format") is not { } format || format != Format)
        {
            throw new InvalidDataException($"{path}: is no classifier of format {Format} (it says: "
                + $"{header.GetValueOrDefault("format") ?? "nothing"}); "
                + "give a classifier.safetensors, or use the version of understudy that wrote it");
        }
        string Text(string key) =>
            header.GetValueOrDefault(key)
                ?? throw new InvalidDataException($"{path}: its header lacks '{key}'; the file was changed");
        T Read<T>(string key) => StrictJson.Read<T>(Text(key), $"{path}: {key}");
        var options = Named(path, () =>
        {
            var read = Read<ClassifierOptions>("options");
            read.Validate();
            return read;
        });
        var classes = Named(path, () => new ClassNames(Read<string[]>("classes")));
        var channels = Read<int>("channels") is (1 or 3) and var given ? given : throw new InvalidDataException(
            $"{path}: channels: {Text("channels")} is not 1 (grey) or 3 (RGB); the file was changed");
        return new(options, classes, channels, Text("split"), Read<ulong>("seed"), Read<EpochStats>("best"),
            Temperature());

        double Temperature()
        {
            if (!options.Calibrate) return 1;
            return Read<double>("temperature") is >= TemperatureScaling.Lowest and <= TemperatureScaling.Highest and var t ? t
                : throw new InvalidDataException($"{path}: temperature: {Text("temperature")} is not between "
                    + FormattableString.Invariant(
                        $"{TemperatureScaling.Lowest} and {TemperatureScaling.Highest}; the file was changed"));
        }
    }
}
