using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using static TorchSharp.torch;

namespace Understudy.Training.Classification;

/// <summary>
/// Weights learnt elsewhere, from which a training goes on: a published network's, or a classifier of another training.
/// </summary>
/// <param name="Path">A classifier.safetensors, another safetensors file, or PyTorch's <c>.pth</c> or <c>.pt</c>.</param>
/// <param name="Allowed">How else the file may differ than by the stem or the dense layers that a variant is known to have for
/// itself.</param>
/// <param name="FeatureFolder">Where a frozen training keeps its features; null: within its run. Runs may share one.</param>
public sealed record ClassifierStart(string Path, WeightsFit? Allowed = null, string? FeatureFolder = null)
{
    /// <summary>Of a run's folder the classifier in it; any other path as it is.</summary>
    public static string Within(string path) =>
        System.IO.Path.Combine(path, ClassifierTrainer.FileName) is var inside && File.Exists(inside) ? inside : path;

    /// <summary>What the weights expect: a classifier's file says so, and published weights are ImageNet's.</summary>
    /// <exception cref="InvalidDataException">A classifier's file that is damaged, or of another version.</exception>
    public Normalisation Normalise() =>
        IsClassifier() ? TrainedClassifier.ReadAbout(Path).Options.Normalise : Normalisation.Imagenet;

    /// <summary>SHA-256 of the file, as <c>sha256sum</c> prints it.</summary>
    public string Fingerprint() => Common.Fingerprint.OfFile(Path);

    /// <summary>
    /// Where the run that made a classifier says what that has seen; null for other files, of which nobody can tell.
    /// </summary>
    internal string? SeenFile() => IsClassifier()
        && System.IO.Path.Combine(Folder, SeenImages.FileName) is var file && File.Exists(file) ? file : null;

    /// <summary>What the weights have seen, as far as it is known.</summary>
    internal SeenImages? Seen() => SeenFile() is null ? null : SeenImages.Find(Folder);

    /// <summary>Loads the weights into a network and tells what was taken and what was not.</summary>
    /// <param name="classes">That the network is to tell: a classifier of others, or in another order, leaves its last layer to be
    /// learnt anew.</param>
    /// <exception cref="InvalidDataException">The file cannot be read, or is of another network.</exception>
    internal WeightsReport Load(nn.Module<Tensor, Tensor> net, string arch, ClassNames classes, ProgressSink progress)
    {
        var inside = ClassifierNet.Inside(net);
        string[] anew = [];
        if (IsClassifier() && TrainedClassifier.ReadAbout(Path).Classes is var own && !own.Equals(classes))
        {
            progress.Say($"{Path}: tells the classes [{own}], these images have [{classes}]: its last layer is learnt anew");
            anew = ClassifierWeights.LastLayer(inside);
        }
        var report = ClassifierWeights.Load(Path, inside, ClassifierNet.FitOf(arch).With(Allowed), anew);
        progress.Say($"{Path}: {report}");
        return report;
    }

    private string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;

    /// <summary>Of this or another version, which the reader then refuses by name.</summary>
    private bool IsClassifier()
    {
        try
        {
            return SafetensorsFile.ReadMetadata(Path).GetValueOrDefault("format", "")
                .StartsWith(TrainedClassifier.Family, StringComparison.Ordinal);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
