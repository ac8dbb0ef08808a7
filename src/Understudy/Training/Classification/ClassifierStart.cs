using Understudy.Common;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using static TorchSharp.torch;

namespace Understudy.Training.Classification;

/// <summary>
/// Weights learnt elsewhere, from which a training goes on: a published network's, or a classifier of another training.
/// </summary>
/// <param name="Path">A classifier.safetensors, another safetensors file, or PyTorch's <c>.pth</c> or <c>.pt</c>.</param>
/// <param name="Allowed">How the file may differ; null: by the stem or the dense layers that a variant is known to have for
/// itself.</param>
/// <param name="FeatureFolder">Where a frozen training keeps its features; null: within its run. Runs may share one.</param>
public sealed record ClassifierStart(string Path, WeightsFit? Allowed = null, string? FeatureFolder = null)
{
    /// <summary>What the weights expect: a classifier's file says so, and published weights are ImageNet's.</summary>
    /// <exception cref="InvalidDataException">A classifier's file that is damaged.</exception>
    public Normalisation Normalise() =>
        IsClassifier() ? TrainedClassifier.ReadAbout(Path).Options.Normalise : Normalisation.Imagenet;

    /// <summary>SHA-256 of the file, as <c>sha256sum</c> prints it.</summary>
    public string Fingerprint() => Common.Fingerprint.OfFile(Path);

    /// <summary>Loads the weights into a network and tells what was taken and what was not.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read, or is of another network.</exception>
    internal WeightsReport Load(nn.Module<Tensor, Tensor> net, string arch, ProgressSink progress)
    {
        var report = ClassifierWeights.Load(Path, ClassifierNet.Inside(net), Allowed ?? ClassifierNet.FitOf(arch));
        progress.Say($"{Path}: {report}");
        return report;
    }

    private bool IsClassifier()
    {
        try
        {
            return SafetensorsFile.ReadMetadata(Path).GetValueOrDefault("format") == TrainedClassifier.Format;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
