using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Evaluation.Utility;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using static TorchSharp.torch;

namespace Understudy.Training.Classification;

/// <summary>Asks a classifier for its probabilities.</summary>
public static class ClassifierPredictor
{
    /// <summary>Images at once: 256 of 48×48, fewer of larger ones, whose feature maps would fill the memory.</summary>
    private static int BatchOf(int side) => (int)Math.Clamp(256L * 48 * 48 / ((long)side * side), 8, 256);

    /// <summary>Predictions for a labelled set, in its order; everything that is measured is computed from them.</summary>
    /// <param name="classifierFile">A <c>classifier.safetensors</c>.</param>
    /// <exception cref="OptionException">The set has other classes or channels than the classifier.</exception>
    /// <exception cref="InvalidDataException">Not a classifier's file.</exception>
    public static Predictions Predict(string classifierFile, ImageSet set, ProgressSink? progress = null,
        CancellationToken cancel = default)
    {
        using var classifier = TrainedClassifier.Load(classifierFile);
        return Predict(classifier, classifierFile, set, progress, cancel);
    }

    /// <inheritdoc cref="Predict(string, ImageSet, ProgressSink?, CancellationToken)"/>
    internal static Predictions Predict(TrainedClassifier classifier, string classifierFile, ImageSet set, ProgressSink? progress,
        CancellationToken cancel)
    {
        if (!classifier.About.Classes.Equals(set.Classes))
        {
            throw new OptionException($"{classifierFile} tells the classes [{classifier.About.Classes}], the images have "
                + $"[{set.Classes}]; "
                + "names and order must be the same");
        }
        var probabilities = Probabilities(classifier, set, progress, cancel);
        return new([.. set.Classes], set.Ids, set.Labels, probabilities);
    }

    /// <summary>Probabilities for images whose labels do not matter; images of another size are resized.</summary>
    /// <returns>[N, K], in the set's order; each row sums to 1.</returns>
    /// <exception cref="OptionException">The images have other channels than the classifier takes.</exception>
    public static float[,] Probabilities(TrainedClassifier classifier, ImageSet set, ProgressSink? progress = null,
        CancellationToken cancel = default)
    {
        if (set.Shape.Channels != classifier.About.Channels)
        {
            throw new OptionException($"the classifier takes images of {classifier.About.Channels} channels, these have "
                + $"{set.Shape.Channels}; "
                + $"read them with --channels {classifier.About.Channels}");
        }
        var precision = classifier.About.Options.Precision;
        using var rounded = precision == Precision.Float32 ? null : classifier.Rounded();
        var net = rounded ?? classifier.Net;
        var probabilities = Probabilities(images => net.call(Rounding.Images(images, precision)), set,
            classifier.About.Classes.Count, classifier.About.Options.FlipAverage, progress ?? ProgressSink.None, "predict",
            cancel, classifier.Shape.Height);
        return classifier.About.Temperature == 1
            ? probabilities : TemperatureScaling.Apply(probabilities, classifier.About.Temperature);
    }

    /// <param name="logits">Of a network in evaluation mode: float32 [N, C, H, W] to [N, K].</param>
    /// <param name="side">To which images are resized, some at a time; null where they are of the network's own size.</param>
    /// <param name="flipAverage">Whether to take the mean with the mirror image's probabilities.</param>
    internal static float[,] Probabilities(Func<Tensor, Tensor> logits, ImageSet set, int classes, bool flipAverage,
        ProgressSink progress,
        string task, CancellationToken cancel, int? side = null)
    {
        using var noGradients = no_grad();
        var result = new float[set.Count, classes];
        var batch = BatchOf(side ?? Math.Max(set.Shape.Height, set.Shape.Width));
        for (int first = 0; first < set.Count; first += batch)
        {
            cancel.ThrowIfCancellationRequested();
            using var pause = CollectionPause.Begin();
            using var scope = NewDisposeScope();
            var images = Batches.Images(set, first, Math.Min(batch, set.Count - first), side);
            var p = nn.functional.softmax(logits(images), 1);
            if (flipAverage) p = (p + nn.functional.softmax(logits(images.flip(3)), 1)) * .5;
            var values = p.data<float>().ToArray();
            Buffer.BlockCopy(values, 0, result, first * classes * sizeof(float), values.Length * sizeof(float));
            progress.Report(task, Math.Min(first + batch, set.Count), set.Count, "image");
        }
        return result;
    }
}
