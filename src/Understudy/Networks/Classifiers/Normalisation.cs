namespace Understudy.Networks.Classifiers;

/// <summary>What images are brought to before a network's first layer.</summary>
public enum Normalisation
{
    /// <summary>They stay in [−1, 1].</summary>
    None,

    /// <summary>
    /// As the weights that torchvision publishes expect them: RGB in [0, 1], less the mean of ImageNet, divided by its deviation,
    /// channel by channel. Grey images are repeated to three channels first, so that the published first layer is used as it is.
    /// </summary>
    Imagenet,
}
