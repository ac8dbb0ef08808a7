using Understudy.Training.Losses;
using static TorchSharp.torch;

namespace Understudy.Training.Phases;

/// <summary>The class head's part of a loss.</summary>
internal static class ClassLoss
{
    /// <summary>The loss, with the class head's added by its weight where there is a class head.</summary>
    public static Tensor AddTo(Tensor loss, Tensor? classes, Tensor? c, GanContext gan, double weight, string name)
    {
        if (classes is null) return loss;
        var classLoss = GanLosses.Class(classes, c!);
        gan.Seen(name, classLoss);
        return loss + classLoss * weight;
    }
}
